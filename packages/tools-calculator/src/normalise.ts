/**
 * Maths as models write it -> one unambiguous line in mathjs' grammar.
 * Products get their `*`; a trailing `= 24` goes; `%` becomes modulo (`mod`) or percent. Two operators borrow signs that can not occur in the input:
 * floor division is written `./` and postfix percent `'`, which mathjs parses with the right precedence. Only the text is borrowed: `evaluate` gives the meaning.
 */
import { constants, functions } from "./functions.ts"
import { Refusal } from "./refusal.ts"
import { endsOperand, type Token, tokenize } from "./tokens.ts"

export const FLOOR_DIVIDE = "./"
export const PERCENT = "'"

const written: Record<string, string> = { "**": "^", "//": FLOOR_DIVIDE, of: "*" }

/** The canonical text of an expression. Throws a Refusal for what is not arithmetic. */
export function normalise(expression: string): string {
  const tokens = withoutResult(tokenize(expression))
  const out: string[] = []
  tokens.forEach((token, index) => {
    const previous = tokens[index - 1]
    if (previous && needsTimes(previous, token)) out.push("*")
    if (token.kind === "operator" && token.text === "%") {
      if (!previous || !(endsOperand(previous) || isPercent(tokens, index - 1)))
        throw new Refusal("% needs a number before it")
      out.push(isPercent(tokens, index) ? PERCENT : "mod")
    } else if (token.kind === "operator") out.push(written[token.text] ?? token.text)
    else if (token.kind === "number" && previous?.text === "sqrt") out.push(`(${token.text})`)
    else if (token.kind === "number") out.push(token.text.replace(/\.(?=$|e)/i, ""))
    else out.push(token.text)
  })
  if (out.length === 0) throw new Refusal("the expression is empty")
  return out.join(" ")
}

/** `%` is modulo when a value follows (`50 % 3`, `7 % -3` with these spaces), percent otherwise (`15%`, `50% - 1`, `20% of 50`). */
function isPercent(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index]!
  if (token.text !== "%") return false
  const [next, after] = [tokens[index + 1], tokens[index + 2]]
  if (!next) return true
  if (startsOperand(next)) return false
  const glued =
    (next.text === "-" || next.text === "+") && !next.spaceAfter && after !== undefined && startsOperand(after)
  return !(glued && token.spaceBefore && token.spaceAfter)
}

function startsOperand(token: Token): boolean {
  return token.kind === "number" || token.kind === "name" || (token.kind === "open" && token.text === "(")
}

function needsTimes(previous: Token, token: Token): boolean {
  if (!endsOperand(previous) || !startsOperand(token)) return false
  if (previous.kind === "number" && token.kind === "number")
    throw new Refusal(`there is no operator between ${previous.text} and ${token.text}`)
  // An unknown word before a bracket stays a call, so that the refusal can name it.
  return !(previous.kind === "name" && token.kind === "open" && !constants.has(previous.text))
}

/** Drops a leading `=` and a trailing `=`, `= ?` or `= 24`. */
function withoutResult(tokens: Token[]): Token[] {
  const start = tokens[0]?.text === "=" ? 1 : 0
  const equals = tokens.findIndex((token, index) => index >= start && token.text === "=")
  if (equals < 0) return tokens.slice(start)
  const rest = tokens.slice(equals + 1)
  const isResult =
    rest.every((token) => token.kind === "number" || ["-", "%", "?"].includes(token.text)) && rest.length <= 3
  const left = tokens.slice(start, equals)
  const isAssignment = left.some(({ kind, text }) => kind === "name" && !functions.has(text) && !constants.has(text))
  return isResult && !isAssignment ? left : tokens.slice(start)
}
