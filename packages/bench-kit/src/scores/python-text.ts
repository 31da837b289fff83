/** Text as Python 3 sees it, where JavaScript differs: white space, word characters, lower case, rounding. */

/** What `str.split()` splits at: `str.isspace()`, which knows \x1c to \x1f and \x85 and not the byte order mark. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: Python splits at them
const whiteSpace = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u

/** `text.split()`: no empty parts. */
export const pythonSplit = (text: string): string[] => text.split(whiteSpace).filter((part) => part !== "")

/** `text.strip()`, in time that grows with the text, whatever white space is inside. */
export function pythonStrip(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && whiteSpace.test(text[start]!)) start++
  while (end > start && whiteSpace.test(text[end - 1]!)) end--
  return text.slice(start, end)
}

/** `text.lower()`; both languages follow Unicode's full mapping (`İ` becomes two code points, final sigma by its place). */
export const pythonLower = (text: string): string => text.toLowerCase()

/** Characters that `\w` matches in Python's `re`, as the inside of a character class; combining marks are not among them. */
export const wordCharacters = String.raw`\p{L}\p{N}_`

/** `round(value, digits)`: the nearest decimal to the exact binary value, ties to the even digit. */
export function pythonRound(value: number, digits: number): number {
  if (!Number.isFinite(value)) return value
  const fixed = Number(value.toFixed(digits))
  const rest = Math.abs(value)
    .toFixed(Math.min(100, digits + 50))
    .split(".")[1]!
    .slice(digits)
  if (!/^50*$/.test(rest)) return fixed
  // toFixed takes the larger neighbour at a tie.
  const unit = 10 ** -digits
  const down = Number((Math.abs(fixed) - unit).toFixed(digits))
  const last = Number(Math.abs(fixed).toFixed(digits).at(-1))
  return last % 2 === 0 ? fixed : Math.sign(value) * down
}
