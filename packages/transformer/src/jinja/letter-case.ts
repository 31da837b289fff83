/** Small, capital and title letters, and what kinds of letters a text is made of, as Python tells them. */

/** What has a form of its own for titles. */
const digraphs: Readonly<Record<string, string>> = Object.fromEntries(
  [..."ǅǈǋǲ"].flatMap((title) => [title.toLowerCase(), title.toUpperCase(), title].map((letter) => [letter, title])),
)

function titleLetter(letter: string): string {
  const known = digraphs[letter]
  if (known !== undefined) return known
  const [first = "", ...rest] = letter.toUpperCase()
  const isOne = rest.length === 0 || first.toLowerCase() === first
  return isOne ? first + rest.join("") : first + rest.join("").toLowerCase()
}

export function capitalised(text: string): string {
  const [first = "", ...rest] = text
  return titleLetter(first) + rest.join("").toLowerCase()
}

/** A letter that follows none of a word begins one: `they're` becomes `They'Re`. */
export const titled = (text: string): string => text.replace(/\p{Cased}+/gu, capitalised)

export const swappedCase = (text: string): string =>
  text.replace(/\p{Cased}/gu, (letter) => (/\p{Lowercase}/u.test(letter) ? letter.toUpperCase() : letter.toLowerCase()))

export const caseFolded = (text: string): string =>
  text.replace(/\p{Cased}/gu, (letter) =>
    letter === "ı" ? letter : letter === "ẞ" ? "ss" : letter.toUpperCase().toLowerCase().replaceAll("ς", "σ"),
  )

const isAll =
  (pattern: RegExp) =>
  (text: string): boolean =>
    text !== "" && [...text].every((letter) => pattern.test(letter))

/** Questions about every letter of a text. */
export const letterKinds: Readonly<Record<string, (text: string) => boolean>> = {
  isdigit: isAll(/\p{Nd}|[²³¹⁰-⁹₀-₉①-⑨]/u),
  isdecimal: isAll(/\p{Nd}/u),
  isnumeric: isAll(/\p{N}|[一二三四五六七八九十百千万億兆零]/u),
  isalpha: isAll(/\p{L}/u),
  isalnum: isAll(/[\p{L}\p{N}]/u),
  isascii: (text) => /^[\0-\x7f]*$/.test(text),
  isupper: (text) => /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text),
  islower: (text) => /\p{Lowercase}/u.test(text) && !/[\p{Uppercase}\p{Lt}]/u.test(text),
  istitle: (text) => /\p{Cased}/u.test(text) && titled(text) === text,
}
