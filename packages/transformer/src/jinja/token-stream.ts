/** Tokens one after another, and the one refusal where another was expected. */
import { TemplateError } from "./errors.ts"
import { type Token, type TokenKind, tokensOf } from "./tokens.ts"

export class TokenStream {
  private readonly tokens: readonly Token[]
  private at = 0

  constructor(template: string) {
    this.tokens = tokensOf(template)
  }

  get current(): Token {
    return this.tokens[this.at]!
  }

  /** The one after the current one. */
  get following(): Token {
    return this.tokens[this.at + 1] ?? this.current
  }

  /** Takes the current token. */
  take(): Token {
    const token = this.current
    if (token.kind !== "end") this.at++
    return token
  }

  is(kind: TokenKind, ...texts: string[]): boolean {
    const { current } = this
    return current.kind === kind && (texts.length === 0 || texts.includes(current.text))
  }

  /** Takes the current token where it is this one. */
  skip(kind: TokenKind, text: string): boolean {
    const isThere = this.is(kind, text)
    if (isThere) this.at++
    return isThere
  }

  expect(kind: TokenKind, text?: string): Token {
    const isThere = text === undefined ? this.is(kind) : this.is(kind, text)
    return isThere ? this.take() : this.fail(`${text ?? `a ${kind}`} is expected instead of ${described(this.current)}`)
  }

  fail(message: string, line = this.current.line): never {
    const error = new TemplateError(message)
    error.line = line
    throw error
  }
}

export const described = ({ kind, text }: Token): string =>
  kind === "end" ? "the end of the template" : text === "" ? `the beginning of a ${kind}` : text
