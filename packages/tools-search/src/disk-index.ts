/**
 * BM25 over an index on disk: the same scores, to the last bit, as the index in memory gives for the same passages.
 * A search reads the postings of its terms (the operating system keeps the files in memory, for all processes at once)
 * and adds them up block by block, so that the sums in flight stay in the processor's cache; of a block only the
 * passages are looked at whose sum passed the worst of the best so far.
 */
import type { Passage } from "@swirl-ts/core"
import { closeSync, join, openSync, readFileSync, readSync } from "@swirl-ts/platform"
import { queryTerms } from "./analysis.ts"
import type { Bm25Settings } from "./bm25.ts"
import { bytesOf, checkByteOrder, type DiskFacts, diskFiles } from "./disk-format.ts"
import { BestHits, checkCount, type Hit, type TextIndex } from "./hits.ts"

/** Passages a block: their sums take 256 KiB. */
const blockSize = 1 << 15
/** More candidates than these are met sooner by looking through the block than by sorting them. */
const fewCandidates = 512
/** Postings kept in memory between searches, with their weights 12 bytes each; those of a million passages of a paragraph fit. */
const keptPostings = 64_000_000

interface Postings {
  passages: Uint32Array
  weights: Float64Array
}

/** Opens the files that `buildOnDisk` wrote. The caller has verified them. */
export function openOnDisk(directory: string, facts: DiskFacts, { k1, b }: Bm25Settings): TextIndex {
  checkByteOrder()
  const { passages: size, frequencies, meanLength } = facts
  const path = (name: string): string => join(directory, name)
  const terms = readFileSync(path(diskFiles.terms))
  const termOffsets = readNumbers(path(diskFiles.termOffsets), new Uint32Array(facts.terms + 1))
  const starts = readNumbers(path(diskFiles.starts), new Float64Array(facts.terms + 1))
  const offsets = readNumbers(path(diskFiles.offsets), new Float64Array(2 * size + 1))
  const norms = readNumbers(path(diskFiles.lengths), new Float64Array(size))
  for (let i = 0; i < size; i++) norms[i] = k1 * (1 - b + (b * norms[i]!) / meanLength)
  const wide = frequencies.length > 256
  const frequencyOf = Float64Array.from(frequencies)
  const files = {
    postings: openSync(path(diskFiles.postings), "r"),
    codes: openSync(path(diskFiles.codes), "r"),
    texts: openSync(path(diskFiles.texts), "r"),
  }
  const kept = new Map<number, Postings>()
  let keptLength = 0

  const termNumber = (term: string): number => {
    let low = 0
    let high = facts.terms - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const other = terms.toString("utf8", termOffsets[middle]!, termOffsets[middle + 1]! - 1)
      if (other === term) return middle
      if (other < term) low = middle + 1
      else high = middle - 1
    }
    return -1
  }
  const postingsOf = (term: number): Postings => {
    const known = kept.get(term)
    if (known) {
      kept.delete(term)
      kept.set(term, known)
      return known
    }
    const from = starts[term]!
    const length = starts[term + 1]! - from
    const passages = new Uint32Array(length)
    const codes = wide ? new Uint16Array(length) : new Uint8Array(length)
    readFully(files.postings, bytesOf(passages), 4 * from)
    readFully(files.codes, bytesOf(codes), (wide ? 2 : 1) * from)
    const idf = Math.log(1 + (size - length + 0.5) / (length + 0.5))
    const weights = new Float64Array(length)
    for (let i = 0; i < length; i++) {
      const frequency = frequencyOf[codes[i]!]!
      weights[i] = (idf * frequency * (k1 + 1)) / (frequency + norms[passages[i]!]!)
    }
    const entry = { passages, weights }
    kept.set(term, entry)
    keptLength += length
    for (const [oldest, { passages }] of kept) {
      if (keptLength <= keptPostings || oldest === term) break
      kept.delete(oldest)
      keptLength -= passages.length
    }
    return entry
  }

  const sums = new Float64Array(blockSize)
  /** Of a block, those whose sum passed the worst of the best so far; each is noted once, as weights are positive. */
  const candidates = new Uint16Array(blockSize)
  const rank = (query: string, count: number): Hit[] => {
    checkCount(count)
    const lists: Postings[] = []
    for (const term of queryTerms(query)) {
      const number = termNumber(term)
      if (number >= 0) lists.push(postingsOf(number))
    }
    const best = new BestHits(count)
    best.threshold = 0
    const at = new Uint32Array(lists.length)
    for (let base = 0; base < size && lists.length > 0; base += blockSize) {
      const end = Math.min(size, base + blockSize)
      const { threshold } = best
      let found = 0
      for (let i = 0; i < lists.length; i++) {
        const { passages, weights } = lists[i]!
        let place = at[i]!
        for (; place < passages.length; place++) {
          const passage = passages[place]!
          if (passage >= end) break
          const before = sums[passage - base]!
          const sum = before + weights[place]!
          sums[passage - base] = sum
          if (sum > threshold && before <= threshold) candidates[found++] = passage - base
        }
        at[i] = place
      }
      if (found > fewCandidates) for (let i = 0; i < end - base; i++) best.offer(base + i, sums[i]!)
      else for (const i of candidates.subarray(0, found).sort()) best.offer(base + i, sums[i]!)
      sums.fill(0)
    }
    return best.hits
  }
  const passage = (index: number): Passage => {
    const [title, text, end] = [offsets[2 * index]!, offsets[2 * index + 1]!, offsets[2 * index + 2]!]
    const bytes = Buffer.allocUnsafe(end - title)
    readFully(files.texts, bytes, title)
    return { title: bytes.toString("utf8", 0, text - title), text: bytes.toString("utf8", text - title) }
  }
  return {
    size,
    description: `BM25 on disk, ${size} passages, ${facts.terms} terms`,
    skipped: facts.skipped,
    rank,
    passages: (indexes) => indexes.map(passage),
    search: (query, count) => rank(query, count).map((hit) => ({ ...passage(hit.index), ...hit })),
    close() {
      for (const file of Object.values(files)) closeSync(file)
    },
  }
}

function readNumbers<T extends Uint32Array | Float64Array>(path: string, into: T): T {
  const file = openSync(path, "r")
  try {
    readFully(file, bytesOf(into), 0)
  } finally {
    closeSync(file)
  }
  return into
}

function readFully(file: number, into: Buffer, position: number): void {
  for (let done = 0; done < into.length; ) {
    const read = readSync(file, into, done, into.length - done, position + done)
    if (read === 0) throw new Error("a file of the search index ends too early; delete the index, it is built again")
    done += read
  }
}
