/** Macros, and blocks whose bodies are macros: what is set in them stays in them. */
import { noArguments } from "./arguments.ts"
import { BlockParser, written } from "./block-parser.ts"
import { located } from "./errors.ts"
import { Frame } from "./frame.ts"
import { Macro } from "./macro.ts"
import type { Expression, Output, Parameter, Statement } from "./nodes.ts"
import { pythonText } from "./printed.ts"
import type { Scope } from "./scope.ts"

export abstract class MacroParser extends BlockParser {
  protected macro(): Statement {
    const { text: name } = this.expect("name")
    this.frame.sets(name, !this.isConditional)
    const frame = new Frame(this.frame)
    const parameters = this.within(frame, () => this.parameters())
    const define = this.definition(name, parameters, "endmacro", frame)
    return (scope) => {
      scope.set(name, define(scope))
      return undefined
    }
  }

  protected callBlock(line: number): Statement {
    const frame = new Frame(this.frame)
    const parameters = this.is("operator", "(") ? this.within(frame, () => this.parameters()) : []
    const called: Expression["withCaller"] = this.expression().withCaller
    const define = this.definition(undefined, parameters, "endcall", frame)
    if (!called) return this.fail("{% call %} wants a call", line)
    return located(line, (scope: Scope, output: Output) => {
      output.text += pythonText(called(scope, define(scope)))
      return undefined
    })
  }

  /** What a model has written: `transformers` marks it for training, and prints it as it is. */
  protected generation(): Statement {
    const define = this.definition(undefined, [], "endgeneration", new Frame(this.frame))
    return (scope, output) => {
      output.text += pythonText(define(scope).call(noArguments))
      return undefined
    }
  }

  /** A macro up to its end, which belongs to the scope in which it is defined. */
  private definition(
    name: string | undefined,
    parameters: readonly Parameter[],
    end: string,
    frame: Frame,
  ): (scope: Scope) => Macro {
    const { loops } = this
    const reads = new Set<string>()
    this.loops = 0
    this.reads.push(reads)
    const { line } = this.current
    const { body, open } = this.part([end], frame)
    this.reads.pop()
    this.loops = loops
    for (const parameter of parameters) {
      const isCaller = parameter.name === "caller" && reads.has("caller")
      if (isCaller && !parameter.otherwise) this.fail("a parameter named caller needs a default", line)
      reads.delete(parameter.name)
    }
    const definition = { name, parameters, reads, open, body: (scope: Scope) => written((to) => body(scope, to)) }
    return (scope) => new Macro(definition, scope)
  }

  private parameters(): Parameter[] {
    this.expect("operator", "(")
    const all: Parameter[] = []
    while (!this.skip("operator", ")")) {
      if (all.length > 0) this.expect("operator", ",")
      const { text: name } = this.expect("name")
      const otherwise = this.skip("operator", "=") ? this.expression() : undefined
      if (!otherwise && all.at(-1)?.otherwise) this.fail(`${name} needs a default, as the parameter before it has one`)
      this.frame.sets(name, false)
      all.push({ name, otherwise })
    }
    return all
  }
}
