/** Patterns of tokenizer.json, which Oniguruma reads, and where they match. */
import { toRegExp } from "oniguruma-to-es"
import type { Json, Part } from "./part.ts"

/** A stretch of a text; all of them together are the text. */
export interface Span {
  start: number
  end: number
  matches: boolean
}

/** The setting `pattern`: `{ String: … }` or `{ Regex: … }`. */
export function patternOf({ settings, refuse }: Part): RegExp {
  const { String: text, Regex: source } = (settings.pattern ?? {}) as Json
  if (typeof text === "string" && text !== "") return new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "gu")
  if (typeof source !== "string") return refuse(`has the pattern ${JSON.stringify(settings.pattern)}`)
  try {
    return toRegExp(withWords(source), { global: true, accuracy: "strict", avoidSubclass: true })
  } catch (error) {
    return refuse(
      `has the pattern ${JSON.stringify(source)}, which cannot be matched here: ${(error as Error).message}`,
    )
  }
}

/** What Oniguruma calls a part of a word; outside of brackets these few digits are some, too. */
const inWord = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}"
const alone = `${inWord}\\u00b2\\u00b3\\u00b9\\u00bc-\\u00be`
const words: Readonly<Record<string, string>> = {
  "\\w": `[${alone}]`,
  "\\W": `[^${alone}]`,
  "\\b": `(?:(?<=[${alone}])(?![${alone}])|(?<![${alone}])(?=[${alone}]))`,
  "\\B": `(?:(?<=[${alone}])(?=[${alone}])|(?<![${alone}])(?![${alone}]))`,
}
const wordsInBrackets: Readonly<Record<string, string>> = { "\\w": inWord, "\\W": `[^${inWord}]` }

/** The translator calls other characters parts of words: they are written out. */
function withWords(source: string): string {
  let depth = 0
  return source.replace(/\\.|\[|\]/gsu, (token) => {
    if (token === "[") depth++
    if (token === "]") depth--
    return (depth > 0 ? wordsInBrackets : words)[token] ?? token
  })
}

/** Where a pattern matches and where it does not, in order. An empty match right behind another one is none. */
export function spansOf(text: string, pattern: RegExp): Span[] {
  const spans: Span[] = []
  if (text === "") return spans
  let end = 0
  let isFirst = true
  for (const match of text.matchAll(pattern)) {
    const start = match.index
    if (match[0] === "" && start === end && !isFirst) continue
    isFirst = false
    if (start > end) spans.push({ start: end, end: start, matches: false })
    end = start + match[0].length
    spans.push({ start, end, matches: true })
  }
  if (end < text.length) spans.push({ start: end, end: text.length, matches: false })
  return spans
}
