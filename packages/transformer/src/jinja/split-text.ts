/** Texts cut as Python's `split`, `rsplit` and `splitlines` cut them. */
import { fail } from "./errors.ts"
import { pythonSpace, stripped } from "./letters.ts"

interface Cut {
  at: number
  end: number
}

/** By white space where no separator is given; at most so many cuts where the number is not negative. */
export function splitText(text: string, separator: string | undefined, most: number, isFromRight: boolean): string[] {
  if (separator === "") fail("a separator is not empty")
  if (separator !== undefined && most < 0) return text.split(separator)
  const bare = separator === undefined ? stripped(text, true, true) : text
  if (separator === undefined && bare === "") return []
  const cuts = separator === undefined ? spaces(bare) : placesOf(separator, bare, isFromRight)
  const used = most < 0 ? cuts : isFromRight ? cuts.slice(Math.max(0, cuts.length - most)) : cuts.slice(0, most)
  const ends = [...used.map(({ at }) => at), bare.length]
  const parts = ends.map((end, index) => bare.slice(index === 0 ? 0 : used[index - 1]!.end, end))
  // What is not cut for want of cuts keeps the white space at its outer end.
  if (separator === undefined && most >= 0 && cuts.length >= most) {
    const [left, right] = [stripped(text, true, false), stripped(text, false, true)]
    if (isFromRight) parts[0] = text.slice(0, text.length - left.length) + parts[0]
    else parts[parts.length - 1] += text.slice(right.length)
  }
  return parts
}

const spaces = (text: string): Cut[] =>
  Array.from(text.matchAll(new RegExp(`${pythonSpace}+`, "gu")), ({ 0: gap, index }) => ({
    at: index,
    end: index + gap.length,
  }))

/** From the side that is asked for: `aaa` has `aa` at 0, or at 1. */
function placesOf(part: string, text: string, isFromRight: boolean): Cut[] {
  const cuts: Cut[] = []
  if (isFromRight)
    for (
      let at = text.lastIndexOf(part);
      at >= 0;
      at = at < part.length ? -1 : text.lastIndexOf(part, at - part.length)
    )
      cuts.unshift({ at, end: at + part.length })
  else
    for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length))
      cuts.push({ at, end: at + part.length })
  return cuts
}

/** Where `splitlines` cuts, as a class of a pattern. */
const lineEnds = `\\n\\r\\v\\f${"\\x1c-\\x1e\\x85"}\\u2028\\u2029`
const line = new RegExp(`([^${lineEnds}]*)(\\r\\n|[${lineEnds}]|$)`, "g")

export const splitLines = (text: string, keepsEnds = false): string[] =>
  Array.from(text.matchAll(line))
    .filter(([whole]) => whole !== "")
    .map(([whole, words]) => (keepsEnds ? whole : words!))
