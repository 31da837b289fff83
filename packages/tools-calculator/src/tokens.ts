/**
 * Characters to tokens: the many ways to write one sign become one, and numbers lose their thousands commas and currency.
 * Linear in the length. Invariant: a token's text contains only ASCII that the normaliser knows.
 *
 * A comma inside `1,200` groups thousands, except directly inside a call that takes several arguments: `max(1,200)` is 200,
 * `sqrt(1,296)` is 36, and `max($1,200, $900)` is 1200, since the currency sign shows where the number begins.
 */
import { constants, functions } from "./functions.ts"
import { Refusal } from "./refusal.ts"

type TokenKind = "number" | "name" | "operator" | "open" | "close" | "comma" | "other"
export type Token = { kind: TokenKind; text: string; spaceBefore: boolean; spaceAfter: boolean }

const MAXIMUM_DEPTH = 64

const sameAs: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "*": "×✕✖⨯·⋅∙∗",
    "/": "÷∕⁄",
    "-": "−–—‐‑‒﹣",
    "<=": "≤⩽",
    ">=": "≥⩾",
    "!=": "≠",
    " pi ": "π",
    " sqrt ": "√",
  }).flatMap(([ascii, signs]) => [...signs].map((sign) => [sign, ascii] as const)),
)
const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹"

/** Where the scan stands: what was read, which brackets are open, and whether a space or currency sign came just before. */
type Scan = {
  tokens: Token[]
  brackets: { close: string; commaSeparates: boolean }[]
  space: boolean
  currency: boolean
  /** the character after what was just read */
  next: () => string
}

type Rule = { pattern: RegExp; when?: (scan: Scan) => boolean; read: (scan: Scan, text: string) => void }

/** Tried in order at every position; the first that matches reads. */
const rules: readonly Rule[] = [
  { pattern: /\s+/uy, read: (scan) => Object.assign(scan, { space: true }) },
  { pattern: /[$€£¥₹]/uy, read: (scan) => Object.assign(scan, { currency: true }) },
  {
    pattern: /[⁰¹²³⁴⁵⁶⁷⁸⁹]+/uy,
    read: (scan, text) => {
      add(scan, "operator", "^")
      add(scan, "number", [...text].map((digit) => superscripts.indexOf(digit)).join(""))
    },
  },
  {
    pattern: /\d{1,3}(?:,\d{3})+(?![\d_]|,\d)(?:\.\d*)?(?:[eE][+-]?\d+)?/y,
    when: (scan) => scan.currency || !scan.brackets.at(-1)?.commaSeparates,
    read: (scan, text) => add(scan, "number", text.replaceAll(",", "")),
  },
  {
    pattern: /0[xXbBoO][0-9a-fA-F]+/y,
    read: () => {
      throw new Refusal("only decimal numbers are supported")
    },
  },
  {
    pattern: /(?:\d+(?:_\d+)*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y,
    read: (scan, text) => add(scan, "number", text.replaceAll("_", "")),
  },
  {
    pattern: /[xX](?=\s*[$€£¥₹\d.(]|\s+-?[A-Za-z\d.(])/uy,
    when: (scan) => afterOperand(scan) || scan.tokens.at(-1)?.text === "%",
    read: (scan) => add(scan, "operator", "*"),
  },
  { pattern: /of(?![A-Za-z_0-9])/iy, read: (scan) => add(scan, "operator", "of") },
  { pattern: /mod(?![A-Za-z_0-9])/iy, when: afterOperand, read: (scan) => add(scan, "operator", "mod") },
  {
    pattern: /(?:math\.)?[A-Za-z_][A-Za-z_0-9]*/y,
    read: (scan, text) => add(scan, "name", text.replace(/^math\./, "").toLowerCase()),
  },
  { pattern: /\*\*|\/\/|<=|>=|==|!=(?=\s*\S)|[-+*/^%!<>=]/y, read: (scan, text) => add(scan, "operator", text) },
  { pattern: /[.:;?]/y, read: (scan, text) => add(scan, "other", text) },
  { pattern: /[([{]/y, read: openBracket },
  { pattern: /[)\]}]/y, read: closeBracket },
  { pattern: /,/y, read: separate },
  {
    pattern: /["'`“”‘’]/uy,
    read: () => {
      throw new Refusal("text in quotes is not arithmetic")
    },
  },
  {
    pattern: /./suy,
    read: (_, text) => {
      throw new Refusal(`${JSON.stringify(text)} is not part of arithmetic`)
    },
  },
]

/** Splits an expression into tokens; refuses characters that arithmetic does not have, and deep or unbalanced brackets. */
export function tokenize(expression: string): Token[] {
  const text = [...expression].map(plainCharacter).join("")
  let position = 0
  const scan: Scan = { tokens: [], brackets: [], space: false, currency: false, next: () => text[position] ?? "" }
  while (position < text.length) {
    for (const { pattern, when, read } of rules) {
      if (when && !when(scan)) continue
      pattern.lastIndex = position
      const match = pattern.exec(text)
      if (!match) continue
      position = pattern.lastIndex
      read(scan, match[0])
      break
    }
  }
  if (scan.brackets.length > 0) throw new Refusal("the brackets do not match")
  return scan.tokens
}

function add(scan: Scan, kind: TokenKind, text: string): void {
  scan.tokens.push({ kind, text, spaceBefore: scan.space, spaceAfter: /\s/u.test(scan.next()) })
  scan.space = false
  scan.currency = false
}

function openBracket(scan: Scan, text: string): void {
  if (scan.brackets.length >= MAXIMUM_DEPTH) throw new Refusal(`brackets are nested deeper than ${MAXIMUM_DEPTH}`)
  const close = ")]}"["([{".indexOf(text)]!
  scan.brackets.push({ close, commaSeparates: text !== "(" || takesSeveral(scan.tokens.at(-1)) })
  add(scan, "open", text)
}

function closeBracket(scan: Scan, text: string): void {
  if (scan.brackets.pop()?.close !== text) throw new Refusal("the brackets do not match")
  add(scan, "close", text)
}

function separate(scan: Scan): void {
  const inside = scan.brackets.at(-1)
  if (!inside || (inside.close === ")" && !inside.commaSeparates))
    throw new Refusal("a comma either groups three digits (1,200) or separates arguments, as in max(1, 2)")
  add(scan, "comma", ",")
}

function afterOperand(scan: Scan): boolean {
  const previous = scan.tokens.at(-1)
  return previous !== undefined && endsOperand(previous)
}

/** True where a value ends, so that a bracket or name right after it is a product. */
export function endsOperand(token: Token): boolean {
  if (token.kind === "name") return !functions.has(token.text)
  return token.kind === "number" || token.kind === "close" || (token.kind === "operator" && token.text === "!")
}

function takesSeveral(callee: Token | undefined): boolean {
  if (callee?.kind !== "name" || constants.has(callee.text)) return false
  return (functions.get(callee.text)?.most ?? 2) > 1
}

function plainCharacter(character: string): string {
  const code = character.codePointAt(0)!
  const halfWidth = code >= 0xff01 && code <= 0xff5e ? String.fromCodePoint(code - 0xfee0) : character
  return sameAs.get(halfWidth) ?? halfWidth
}
