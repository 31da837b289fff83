/**
 * The normalizer of a SentencePiece model: a table of what is written in place of what, as a double array of 32-bit units
 * (a trie over bytes) and the texts that its leaves point at. The Rust library looks up grapheme clusters, then characters.
 */
import type { Part } from "./part.ts"

/** Longer clusters, in bytes, are looked up character by character. */
const longestCluster = 5

export function precompiled({ settings, refuse }: Part): (text: string) => string {
  const { precompiled_charsmap } = settings
  if (typeof precompiled_charsmap !== "string") return refuse("has no precompiled_charsmap")
  const bytes = Buffer.from(precompiled_charsmap, "base64")
  const size = bytes.length >= 4 ? bytes.readUInt32LE(0) : -1
  if (size < 4 || size % 4 !== 0 || 4 + size > bytes.length) return refuse("has a damaged precompiled_charsmap")
  const units = Array.from({ length: size / 4 }, (_, at) => bytes.readUInt32LE(4 + 4 * at))
  const texts = bytes.subarray(4 + size)
  const textAt = (start: number): string => {
    const end = texts.indexOf(0, start)
    return texts.subarray(start, end < 0 ? texts.length : end).toString()
  }
  /** What is written for the shortest beginning of `part` that the table has. */
  const lookUp = (part: string): string | undefined => {
    let node = offsetOf(units[0]!)
    for (const byte of Buffer.from(part)) {
      if (byte === 0) return undefined
      node ^= byte
      const unit = units[node]
      if (unit === undefined || (unit & 0x800000ff) >>> 0 !== byte) return undefined
      node ^= offsetOf(unit)
      if ((unit >>> 8) & 1) return textAt(units[node]! & 0x7fffffff)
    }
    return undefined
  }
  const clusters = new Intl.Segmenter("und", { granularity: "grapheme" })
  return (text) => {
    let result = ""
    for (const { segment } of clusters.segment(text)) {
      const whole = Buffer.byteLength(segment) <= longestCluster ? lookUp(segment) : undefined
      result += whole ?? Array.from(segment, (character) => lookUp(character) ?? character).join("")
    }
    return result
  }
}

const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6)
