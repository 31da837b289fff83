/** Macros, and blocks whose bodies are macros: what is set in them stays in them. */
import { noArguments } from "./arguments.ts"
import { BlockParser, written } from "./block-parser.ts"
import { located } from "./errors.ts"
import { Macro } from "./macro.ts"
import type { Expression, Output, Parameter, Statement } from "./nodes.ts"
import { pythonText } from "./printed.ts"
import type { Scope } from "./scope.ts"

export abstract class MacroParser extends BlockParser {
  protected macro(): Statement {
    const { text: name } = this.expect("name")
    const parameters = this.parameters()
    const define = this.definition(name, parameters, "endmacro")
    return (scope) => {
      scope.set(name, define(scope))
      return undefined
    }
  }

  protected callBlock(line: number): Statement {
    const parameters = this.is("operator", "(") ? this.parameters() : []
    const called: Expression["withCaller"] = this.expression().withCaller
    const define = this.definition(undefined, parameters, "endcall")
    if (!called) return this.fail("{% call %} wants a call", line)
    return located(line, (scope: Scope, output: Output) => {
      output.text += pythonText(called(scope, define(scope)))
      return undefined
    })
  }

  /** What a model has written: `transformers` marks it for training, and prints it as it is. */
  protected generation(): Statement {
    const define = this.definition(undefined, [], "endgeneration")
    return (scope, output) => {
      output.text += pythonText(define(scope).call(noArguments))
      return undefined
    }
  }

  /** A macro up to its end, which belongs to the scope in which it is defined. */
  private definition(name: string | undefined, parameters: readonly Parameter[], end: string): (scope: Scope) => Macro {
    const { loops } = this
    const reads = new Set<string>()
    this.loops = 0
    this.reads.push(reads)
    const { body } = this.block([end])
    this.reads.pop()
    this.loops = loops
    const definition = { name, parameters, reads, body: (scope: Scope) => written((output) => body(scope, output)) }
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
      all.push({ name, otherwise })
    }
    return all
  }
}
