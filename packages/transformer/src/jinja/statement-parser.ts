/** The statements of a template. Those that Jinja2 has for pages of several files are refused. */
import { inOrder, type Part, printing, written } from "./block-parser.ts"
import { located } from "./errors.ts"
import { Frame } from "./frame.ts"
import { Loop } from "./loop.ts"
import { MacroParser } from "./macro-parser.ts"
import type { Ending, Expression, Output, Statement } from "./nodes.ts"
import { Generator } from "./objects.ts"
import { pythonText } from "./printed.ts"
import { Scope } from "./scope.ts"
import type { Target } from "./target-parser.ts"
import { isTrue, iterate, type Value } from "./values.ts"

const ofOneFile = "is not supported: a chat template is one file"
const unsupported: Readonly<Record<string, string>> = {
  block: ofOneFile,
  extends: ofOneFile,
  include: ofOneFile,
  import: ofOneFile,
  from: ofOneFile,
  autoescape: "is not supported: a conversation is no page",
}

export class StatementParser extends MacroParser {
  template(): (given: Scope, output: Output) => void {
    const { frame } = this
    const body = this.body([])
    const [unknown] = this.unknown
    if (unknown) this.fail(unknown.message, unknown.line)
    return (given, output) => {
      body(frame.open(given), output)
    }
  }

  protected override statement(): Statement {
    const { text: name, line } = this.expect("name")
    switch (name) {
      case "if":
        return this.if()
      case "for":
        return this.for(line)
      case "set":
        return this.set(line)
      case "with":
        return this.with(line)
      case "macro":
        return this.macro()
      case "call":
        return this.callBlock(line)
      case "generation":
        return this.generation()
      case "filter":
        return this.filterBlock(line)
      case "print":
        return this.print(line)
      case "break":
      case "continue":
        return this.loops > 0 ? () => name : this.fail(`${name} stands outside of a loop`, line)
    }
    const reason = unsupported[name]
    return this.fail(reason ? `{% ${name} %} ${reason}` : `there is no statement named ${name}`, line)
  }

  private if(): Statement {
    const branches: { condition: Expression; body: Statement }[] = []
    let end = "elif"
    while (end === "elif") {
      const condition = this.conditionally(() => this.tuple(false))
      const block = this.block(["elif", "else", "endif"], true)
      branches.push({ condition, body: block.body })
      end = block.end
    }
    const otherwise = end === "else" ? this.block(["endif"], true).body : undefined
    return (scope, output) => {
      for (const { condition, body } of branches) if (isTrue(condition(scope))) return body(scope, output)
      return otherwise?.(scope, output)
    }
  }

  private for(line: number): Statement {
    const target = this.target()
    this.expect("name", "in")
    const items = this.tuple(false)
    const isKept = this.skip("name", "if") ? this.within(new Frame(this.frame), () => this.expression()) : undefined
    const isRecursive = this.skip("name", "recursive")
    const frame = new Frame(this.frame)
    this.defines(target.names, frame)
    this.loops++
    const { body, end, open } = this.part(["endfor", "else"], frame)
    this.loops--
    const otherwise = end === "else" ? this.part(["endfor"]) : undefined
    const run = (scope: Scope, output: Output, of: Value, depth: number): Ending => {
      const again = (inner: Value, level: number): string => written((to) => run(scope, to, inner, level))
      const kept = isKept ? new Generator(chosen(of, scope, target, isKept)) : of
      const loop = new Loop(kept, depth, isRecursive ? again : undefined)
      let isThrough = false
      for (let value = loop.next(); value !== undefined; value = loop.next()) {
        const inner = open(scope)
        inner.set("loop", loop)
        target.set(inner, value)
        const ending = body(inner, output)
        if (ending === "break") break
        isThrough ||= ending === undefined
      }
      return isThrough ? undefined : otherwise?.body(otherwise.open(scope), output)
    }
    return located(line, (scope: Scope, output: Output) => run(scope, output, items(scope), 0))
  }

  private set(line: number): Statement {
    const target = this.target()
    if (!this.skip("operator", "=")) return this.setBlock(target, line)
    const value = this.tuple(true)
    this.defines(target.names)
    return located(line, (scope: Scope) => {
      target.set(scope, value(scope))
      return undefined
    })
  }

  private setBlock(target: Target, line: number): Statement {
    const caught = new Caught()
    const filters = this.filters(caught.expression)
    this.defines(target.names)
    const part = this.part(["endset"])
    return located(line, (scope: Scope) => caught.from(part, scope, (inner) => target.set(scope, filters(inner))))
  }

  private filterBlock(line: number): Statement {
    const caught = new Caught()
    const filters = this.filters(this.filter(caught.expression))
    const part = this.part(["endfilter"])
    return located(line, (scope: Scope, output: Output) =>
      caught.from(part, scope, (inner) => {
        output.text += pythonText(filters(inner))
      }),
    )
  }

  /** Those that follow, one on the other. */
  private filters(of: Expression): Expression {
    let result = of
    while (this.skip("operator", "|")) result = this.filter(result)
    return result
  }

  private with(line: number): Statement {
    const frame = new Frame(this.frame)
    const given: { target: Target; value: Expression }[] = []
    while (!this.is("statement end")) {
      if (given.length > 0) this.expect("operator", ",")
      const target = this.target()
      this.defines(target.names, frame)
      this.expect("operator", "=")
      given.push({ target, value: this.expression() })
    }
    const { body, open } = this.part(["endwith"], frame)
    return located(line, (scope: Scope, output: Output) => {
      const inner = open(scope)
      for (const { target, value } of given) target.set(inner, value(scope))
      return body(inner, output)
    })
  }

  private print(line: number): Statement {
    const parts: Statement[] = []
    while (!this.is("statement end")) {
      if (parts.length > 0) this.expect("operator", ",")
      parts.push(printing(this.expression(), line))
    }
    return inOrder(parts)
  }
}

/** What a block has written, for the filters that are applied to it. A loop that is left from inside the block takes it along. */
class Caught {
  private text = ""
  readonly expression: Expression = () => this.text

  from({ body, open }: Part, scope: Scope, use: (inner: Scope) => void): Ending {
    const inner = open(scope)
    const output = { text: "" }
    const ending = body(inner, output)
    if (ending) return ending
    this.text = output.text
    use(inner)
    return undefined
  }
}

/** Items for which a condition holds, in which the names of the loop are known. */
function* chosen(of: Value, scope: Scope, target: Target, isKept: Expression): Iterable<Value> {
  for (const value of iterate(of)) {
    const inner = new Scope(scope)
    target.set(inner, value)
    if (isTrue(isKept(inner))) yield value
  }
}
