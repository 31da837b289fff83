/** The 256 characters that stand for bytes in byte-level vocabularies: a byte that can be printed is itself. */

const isPrinted = (byte: number): boolean =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff)

const characters: string[] = []
let others = 0
for (let byte = 0; byte < 256; byte++) characters.push(String.fromCharCode(isPrinted(byte) ? byte : 256 + others++))

const bytes: ReadonlyMap<string, number> = new Map(characters.map((character, byte) => [character, byte]))
const encoder = new TextEncoder()

/** A text in which each character is a byte. */
export const inByteAlphabet = (text: string): string =>
  Array.from(encoder.encode(text), (byte) => characters[byte]).join("")

/** The bytes of a token: those that its characters stand for, or its own where one of them stands for none. */
export function bytesOfToken(token: string): readonly number[] {
  const found = Array.from(token, (character) => bytes.get(character))
  return found.includes(undefined) ? [...encoder.encode(token)] : (found as number[])
}
