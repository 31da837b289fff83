/**
 * HTML that is safe by construction: every interpolated text is escaped, only values of type Html go in as they are.
 * Invariant: no text can leave the element or attribute it was put into, and none stays invisible or changes direction.
 */
import { visibleText } from "./visible-text.ts"

const brand = Symbol("html")

export interface Html {
  readonly [brand]: true
  readonly text: string
}

type Piece = Html | string | number | undefined | null | false | readonly Piece[]

/** Longest text that is shown in full, in UTF-16 units. */
const TEXT_LIMIT = 4000

export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return trusted(strings.map((string, index) => (index === 0 ? string : render(pieces[index - 1]) + string)).join(""))
}

function render(piece: Piece): string {
  if (piece === undefined || piece === null || piece === false) return ""
  // Callers cut where they want; this bound holds for whatever they forgot.
  if (typeof piece === "string") return escapeText(clipped(piece, TEXT_LIMIT + 100))
  if (typeof piece === "number") return String(piece)
  if (Array.isArray(piece)) return piece.map(render).join("")
  if (!(brand in (piece as object))) throw new TypeError("only text, numbers and html go into html")
  return (piece as Html).text
}

/** Only for text of our own. */
export const trusted = (text: string): Html => ({ [brand]: true, text })

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
}
/** For text and quoted attributes; what cannot be seen is written as its code point, unpaired surrogates as U+FFFD. */
export const escapeText = (text: string): string =>
  visibleText(text).replace(/[&<>"'`]/g, (character) => entities[character]!)

/** The beginning of a long text, and how much is left out. */
export function clipped(text: string, limit = TEXT_LIMIT): string {
  if (text.length <= limit) return text
  return `${text.slice(0, limit)} … (${(text.length - limit).toLocaleString("en-US")} more characters)`
}

/** The first line or so of a text, for headings. */
export function excerpt(text: string, limit = 140): string {
  const line = text
    .slice(0, 4 * limit)
    .replace(/\s+/g, " ")
    .trim()
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line
}
