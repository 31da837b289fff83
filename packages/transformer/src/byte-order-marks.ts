/**
 * U+FEFF among tokens that are single bytes (`<0xEF>`, `<0xBB>`, `<0xBF>`): @huggingface/tokenizers drops it where it begins
 * such a run. It is decoded as another character of three bytes, one that the text does not have, and put back.
 */

interface Vocabulary {
  token_to_id(token: string): number | undefined
}

const mark = [0xef, 0xbb, 0xbf]

export function keepingByteOrderMarks(
  vocabulary: Vocabulary,
  ids: readonly number[],
  decode: (ids: number[]) => string,
): string {
  const [first, ...rest] = idsOf(vocabulary, mark)
  if (first === undefined || !ids.includes(first)) return decode([...ids])
  const isMark = (at: number): boolean => ids[at] === first && rest.every((id, place) => ids[at + 1 + place] === id)
  const places = ids.flatMap((_, at) => (isMark(at) ? [at] : []))
  if (places.length === 0) return decode([...ids])
  const without = decode([...ids])
  let code = 0xe000
  while (without.includes(String.fromCharCode(code))) code++
  const standIn = String.fromCharCode(code)
  const itsIds = idsOf(vocabulary, [...Buffer.from(standIn)])
  const replaced = [...ids]
  for (const at of places) replaced.splice(at, mark.length, ...itsIds)
  return decode(replaced).replaceAll(standIn, "\ufeff")
}

/** Empty where one of the bytes is no token. */
function idsOf(vocabulary: Vocabulary, bytes: readonly number[]): number[] {
  const ids = bytes.map((byte) => vocabulary.token_to_id(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`))
  return ids.every((id) => id !== undefined) ? (ids as number[]) : []
}
