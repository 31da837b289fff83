/**
 * The text of a question as far as it tells questions apart: letters and digits. Case, width, blanks, punctuation and every
 * kind of dash and apostrophe say nothing, except between numbers or single letters, where they are arithmetic (`3 * x`).
 */

const word = /[\p{L}\p{M}\p{N}]+/gu
const dash = /[\p{Pd}\u02d7\u2043\u2212]/gu

const plain = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .replace(dash, "-")
    .toLowerCase()

/** In order. */
export const questionWords = (text: string): string[] => plain(text).match(word) ?? []

/** Equal for two writings of one question. */
export function questionKey(text: string): string {
  const read = plain(text)
  let key = ""
  let before = { word: "", end: 0 }
  for (const { 0: found, index } of read.matchAll(word)) {
    const between = read.slice(before.end, index)
    if (isQuantity(before.word) && isQuantity(found)) key += between.replace(/\s+/g, "") || " "
    else if (/^\d/.test(found) && /(^|[^\p{L}\p{M}\p{N}])-$/u.test(between)) key += "-"
    key += found
    before = { word: found, end: index + found.length }
  }
  return key || read.trim()
}

/** A number, or a letter that may stand for one. */
const isQuantity = (text: string): boolean => /^(\d.*|\p{L})$/su.test(text)
