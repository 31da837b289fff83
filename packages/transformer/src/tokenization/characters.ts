/** Classes of characters as Rust knows them, to stand within the brackets of a pattern with the flag `v`. */
import { notYetDecomposed, notYetMarks, notYetNonspacing, notYetPunctuation } from "./older-unicode.ts"

/** `char::is_whitespace`, and `\s` of its patterns. */
export const blank = "\\p{White_Space}"
/** `\w` of its patterns. */
export const word = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200c\\u200d"
/** What BERT calls punctuation. */
export const punctuation = `[\\p{P}--[${notYetPunctuation}]]!-\\/:-@\\[-\`\\{-~\\u166d\\u{111c9}`
/** What accents are. */
export const mark = `[\\p{M}--[${notYetMarks}]]\\u1cf2\\u1cf3`
/** What accents are to BERT. */
export const nonspacing = `[\\p{Mn}--[${notYetNonspacing}]]\\u1734\\u{1171e}`

/** Letter by letter: no letter's lower case depends on those around it. */
export const lowerCase = (text: string): string => text.replace(/\P{Lowercase}/gu, (letter) => letter.toLowerCase())

const decomposed = new RegExp(`[^${notYetDecomposed}]+`, "gv")

export const normalised = (text: string, form: "NFC" | "NFD" | "NFKC" | "NFKD"): string =>
  form === "NFC" ? text.normalize(form) : text.replace(decomposed, (part) => part.normalize(form))
