/**
 * What a stored BM25 index consists of. All numbers are little-endian arrays without headers; terms are numbered in
 * sorted order, passages in corpus order. The postings of term t are entries starts[t] to starts[t + 1]; passage i
 * has its title at offsets[2i] and its text at offsets[2i + 1] of `texts`, both UTF-8.
 */
import { type Skipped, SwirlError } from "@swirl-ts/core"

/** Raised whenever the files or what they count change; `analysisVersion` is, where terms do. Older indexes are then built anew. */
export const diskVersion = 1

export const diskFiles = {
  /** Terms, each followed by a line feed. */
  terms: "terms.txt",
  /** Uint32: where each term begins in `terms`, and the end. */
  termOffsets: "term-offsets.u32",
  /** Float64 */
  starts: "starts.f64",
  /** Uint32: passage of each posting. */
  postings: "postings.u32",
  /** Uint8 or Uint16 (by the number of distinct frequencies): number of each posting's frequency in the manifest's list. */
  codes: "frequencies.bin",
  /** Float64: weighted terms a passage. */
  lengths: "lengths.f64",
  texts: "texts.bin",
  /** Float64 */
  offsets: "text-offsets.f64",
} as const

export interface DiskFacts {
  passages: number
  terms: number
  postings: number
  meanLength: number
  /** Distinct weighted frequencies; codes are positions in this list. */
  frequencies: number[]
  /** Absent where nothing was, and in indexes of before it was noted. */
  skipped?: Skipped
}

/** A term may be counted with at most this many different weights; beyond it no code fits. */
export const mostFrequencies = 2 ** 16

/** Throws where the machine stores numbers the other way round than the files. */
export function checkByteOrder(): void {
  if (new Uint8Array(new Uint16Array([1]).buffer)[0] !== 1) {
    throw new SwirlError("Stored search indexes need a little-endian machine; use a corpus that fits into memory.")
  }
}

/** The bytes of a typed array, without a copy. */
export const bytesOf = (array: Uint32Array | Float64Array | Uint16Array | Uint8Array): Buffer =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength)
