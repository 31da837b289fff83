/** Macros, and the bodies of `call` blocks, which are macros without a name. */
import { Dict } from "./dict.ts"
import { fail } from "./errors.ts"
import type { Parameter } from "./nodes.ts"
import { representation } from "./printed.ts"
import type { Scope } from "./scope.ts"
import { type Arguments, PythonObject, Tuple, Undefined, type Value } from "./values.ts"

export interface MacroDefinition {
  name: string | undefined
  parameters: readonly Parameter[]
  /** Names that the body reads and that are no parameters: with `varargs` and `kwargs` a macro takes whatever it is given, with `caller` a caller. */
  reads: ReadonlySet<string>
  /** The scope of one call. */
  open(around: Scope): Scope
  body(scope: Scope): string
}

export class Macro extends PythonObject {
  readonly typeName = "Macro"
  private readonly definition: MacroDefinition
  private readonly scope: Scope

  constructor(definition: MacroDefinition, scope: Scope) {
    super()
    this.definition = definition
    this.scope = scope
  }

  override attribute(name: string): Value | undefined {
    const { name: own, parameters, reads } = this.definition
    if (name === "name") return own ?? null
    if (name === "arguments") return new Tuple(parameters.map((parameter) => parameter.name))
    if (name === "catch_kwargs") return reads.has("kwargs")
    if (name === "catch_varargs") return reads.has("varargs")
    return name === "caller" ? reads.has("caller") : undefined
  }

  override get isCallable(): boolean {
    return true
  }

  override call({ given, named }: Arguments): Value {
    const { parameters, reads, open, body } = this.definition
    const others = new Map(named)
    const scope = open(this.scope)
    parameters.forEach(({ name, otherwise }, index) => {
      const value = index < given.length ? given[index] : others.get(name)
      if (index >= given.length) others.delete(name)
      const used = value === undefined ? otherwise?.(scope) : value
      scope.set(name, used === undefined ? new Undefined(`parameter ${name} was not provided`) : used)
    })
    if (reads.has("caller")) {
      scope.set("caller", others.get("caller") || new Undefined("no caller is defined"))
      others.delete("caller")
    }
    if (reads.has("kwargs")) scope.set("kwargs", new Dict(others))
    else for (const name of others.keys()) fail(`${this.label} takes no argument named ${name}`)
    if (reads.has("varargs")) scope.set("varargs", new Tuple(given.slice(parameters.length)))
    else if (given.length > parameters.length) fail(`${this.label} takes at most ${parameters.length} arguments`)
    return body(scope)
  }

  private get label(): string {
    return this.definition.name === undefined ? "the caller" : `the macro ${this.definition.name}`
  }

  override representation(): string {
    const { name } = this.definition
    return `<Macro ${name === undefined ? "anonymous" : representation(name)}>`
  }
}
