/**
 * A template in tokens, as Jinja2 cuts it with trim_blocks and lstrip_blocks: the first line break after a statement or comment
 * goes, and so do blanks before it on its line, but where `+` keeps them; `-` takes all white space on its side.
 */
import { TemplateError } from "./errors.ts"
import { pythonSpace, stripped } from "./letters.ts"
import { Float, type Value } from "./values.ts"

export type TokenKind =
  | "data"
  | "print"
  | "print end"
  | "statement"
  | "statement end"
  | "name"
  | "text"
  | "number"
  | "operator"
  | "end"

export interface Token {
  kind: TokenKind
  /** As it is written; of a text what it means. */
  text: string
  line: number
  /** Of a number. */
  value?: Value
}

const space = `${pythonSpace}*`
const opening = new RegExp(`\\{%([-+]?)${space}raw${space}(?:-%\\}${space}|%\\})|\\{([%{#])([-+]?)`, "gu")
const rawEnd = new RegExp(`\\{%([-+]?)${space}endraw${space}(?:\\+%\\}|-%\\}${space}|%\\}\\n?)`, "gu")
const commentEnd = new RegExp(`\\+#\\}|-#\\}${space}|#\\}\\n?`, "gu")
const statementEnd = new RegExp(`\\+%\\}|-%\\}${space}|%\\}\\n?`, "yu")
const printEnd = new RegExp(`-\\}\\}${space}|\\}\\}`, "yu")
const blank = new RegExp(`${pythonSpace}+`, "yu")
const onlyBlank = new RegExp(`^${pythonSpace}+$`, "u")
const float = /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy
const integer = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy
const name = /[\p{L}\p{M}\p{Nl}\p{Nd}\p{Pc}]+/uy
const text = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y
const operator = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/y
const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" }

export function tokensOf(template: string): Token[] {
  return new Lexer(template.replace(/\r\n?/g, "\n").replace(/\n$/, "")).tokens()
}

class Lexer {
  private readonly source: string
  private readonly found: Token[] = []
  private at = 0
  private line = 1
  /** Did what came before end a line? */
  private isLineStart = true

  constructor(source: string) {
    this.source = source
  }

  tokens(): Token[] {
    while (this.at < this.source.length) this.data()
    this.push("end", "")
    return this.found
  }

  private push(kind: TokenKind, text: string, value?: Value): void {
    this.found.push({ kind, text, line: this.line, value })
  }

  private fail(message: string): never {
    const error = new TemplateError(message)
    error.line = this.line
    throw error
  }

  /** Goes on to a place, counting lines. */
  private move(to: number): void {
    for (let at = this.source.indexOf("\n", this.at); at >= 0 && at < to; at = this.source.indexOf("\n", at + 1))
      this.line++
    this.isLineStart = this.source[to - 1] === "\n"
    this.at = to
  }

  /** The next match, wherever it is. */
  private search(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    return pattern.exec(this.source)
  }

  private write(text: string): void {
    if (text !== "") this.push("data", text)
  }

  /** Text up to the next tag, and the tag. */
  private data(): void {
    const match = this.search(opening)
    if (!match) {
      this.write(this.source.slice(this.at))
      this.move(this.source.length)
      return
    }
    const [whole, rawSign, kind, sign] = match
    this.write(this.before(match.index, rawSign ?? sign!, kind === "{"))
    this.move(match.index + whole.length)
    if (kind === undefined) this.raw()
    else if (kind === "#") this.comment()
    else this.tag(kind === "{")
  }

  /** What stands before a tag, without the white space that its sign or the start of its line takes. */
  private before(end: number, sign: string, isPrint: boolean): string {
    const text = this.source.slice(this.at, end)
    if (sign === "-") return stripped(text, false, true)
    if (sign === "+" || isPrint) return text
    const lineStart = text.lastIndexOf("\n") + 1
    const isAlone = (lineStart > 0 || this.isLineStart) && onlyBlank.test(text.slice(lineStart))
    return isAlone ? text.slice(0, lineStart) : text
  }

  private raw(): void {
    const match = this.search(rawEnd) ?? this.fail("raw is not ended by endraw")
    this.write(this.before(match.index, match[1]!, false))
    this.move(match.index + match[0].length)
  }

  private comment(): void {
    const match = this.search(commentEnd) ?? this.fail("a comment is not ended")
    this.move(match.index + match[0].length)
  }

  private tag(isPrint: boolean): void {
    this.push(isPrint ? "print" : "statement", "")
    const open: string[] = []
    for (;;) {
      const end = open.length === 0 ? this.match(isPrint ? printEnd : statementEnd) : undefined
      if (end !== undefined) {
        this.push(isPrint ? "print end" : "statement end", end)
        this.move(this.at + end.length)
        return
      }
      const word = this.match(blank) ?? this.word(open)
      this.move(this.at + word.length)
    }
  }

  private match(pattern: RegExp): string | undefined {
    return this.search(pattern)?.[0]
  }

  private word(open: string[]): string {
    const decimal = this.match(float)
    const whole = decimal === undefined ? this.match(integer) : undefined
    const number = decimal ?? whole
    if (number !== undefined) {
      const plain = number.replaceAll("_", "")
      const count = decimal === undefined ? BigInt(plain === "" ? 0 : plain) : 0n
      const value =
        decimal === undefined ? (Number.isSafeInteger(Number(count)) ? Number(count) : count) : new Float(Number(plain))
      this.push("number", number, value)
      return number
    }
    const word = this.match(name)
    if (word !== undefined) {
      this.push("name", word)
      return word
    }
    const literal = this.match(text)
    if (literal !== undefined) {
      this.push("text", this.unescaped(literal.slice(1, -1)))
      return literal
    }
    const sign = this.match(operator) ?? this.unknown()
    if (closing[sign]) open.push(closing[sign])
    else if (/[)\]}]/.test(sign) && open.pop() !== sign)
      this.fail(`there is a ${sign} too much, or one of another kind is missing`)
    this.push("operator", sign)
    return sign
  }

  private unknown(): never {
    const rest = this.source.slice(this.at)
    return this.fail(rest === "" ? "a tag is not ended" : `the character ${[...rest][0]} is not expected here`)
  }

  private unescaped(literal: string): string {
    const pattern = /\\(?:([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/g
    return literal.replace(pattern, (whole, octal, byte, short, long, letter: string | undefined) => {
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
      if (letter === undefined) return String.fromCodePoint(Number.parseInt(byte ?? short ?? long, 16))
      if ("xuUN".includes(letter)) this.fail(`${whole} in a text is not a character`)
      return escapes[letter] ?? whole
    })
  }
}

const escapes: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
}
