/** What stands between two tags: text, what is printed, and statements, turned into functions that write. */
import { located } from "./errors.ts"
import { Frame } from "./frame.ts"
import type { Expression, Output, Statement } from "./nodes.ts"
import { pythonText } from "./printed.ts"
import type { Scope } from "./scope.ts"
import { TargetParser } from "./target-parser.ts"

export interface Part {
  body: Statement
  /** The name of the tag that ended it. */
  end: string
  /** A scope for one run through the body. */
  open(around: Scope): Scope
}

export abstract class BlockParser extends TargetParser {
  /** How many loops there are around, up to the macro that holds them. */
  protected loops = 0

  /** The statement whose tag begins here. */
  protected abstract statement(): Statement

  /** Up to a statement of one of these names, which is current afterwards; up to the end of the template without any. */
  protected body(ends: readonly string[]): Statement {
    const parts: Statement[] = []
    for (;;) {
      if (this.is("end")) {
        if (ends.length > 0) this.fail(`${ends.join(" or ")} is missing at the end of the template`)
        return inOrder(parts)
      }
      const { kind, text, line } = this.take()
      if (kind === "data") parts.push(writing(text))
      else if (kind === "print") {
        parts.push(printing(this.tuple(true), line))
        this.expect("print end")
      } else {
        if (ends.length > 0 && this.is("name", ...ends)) return inOrder(parts)
        parts.push(this.statement())
        this.expect("statement end")
      }
    }
  }

  /** The body of a statement whose own tag ends here, and the name of the tag that ends it, which is taken. */
  protected block(ends: readonly string[], isConditional = false): { body: Statement; end: string } {
    this.skip("operator", ":")
    this.expect("statement end")
    const before = this.isConditional
    this.isConditional = isConditional
    const body = this.body(ends)
    this.isConditional = before
    return { body, end: this.take().text }
  }

  /** What is read inside of a part, which has a frame of its own. */
  protected within<Result>(frame: Frame, read: () => Result): Result {
    const before = this.frame
    this.frame = frame
    const result = read()
    this.frame = before
    return result
  }

  /** As `block`, for one with variables of its own. */
  protected part(ends: readonly string[], frame = new Frame(this.frame)): Part {
    const { body, end } = this.within(frame, () => this.block(ends))
    return { body, end, open: (scope) => frame.open(scope) }
  }
}

const writing =
  (text: string): Statement =>
  (_, output) => {
    output.text += text
    return undefined
  }

export const printing = (value: Expression, line: number): Statement =>
  located(line, (scope: Scope, output: Output) => {
    output.text += pythonText(value(scope))
    return undefined
  })

export const inOrder =
  (parts: readonly Statement[]): Statement =>
  (scope, output) => {
    for (const part of parts) {
      const ending = part(scope, output)
      if (ending) return ending
    }
    return undefined
  }

/** What is written by itself. */
export function written(write: (output: Output) => unknown): string {
  const output = { text: "" }
  write(output)
  return output.text
}
