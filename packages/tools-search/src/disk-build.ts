/**
 * Builds a stored BM25 index from a stream of passages, in memory that does not grow with the corpus but for the
 * vocabulary and a few numbers a passage: postings go to scratch files in passage order, then to their terms in as many
 * passes as their memory budget asks for. Terms are counted exactly as the index in memory counts them.
 */
import { type Passage, SwirlError } from "@swirl-ts/core"
import { closeSync, join, nextTurn, openSync, readSync, rmSync } from "@swirl-ts/platform"
import { stopName } from "./analysis.ts"
import { bytesOf, checkByteOrder, type DiskFacts, diskFiles, mostFrequencies } from "./disk-format.ts"
import { FileWriter } from "./file-writer.ts"
import { PieceTable } from "./piece-table.ts"

export interface DiskBuildOptions {
  titleWeight: number
  /** Postings sorted at once, 6 bytes each. */
  budget?: number
  onProgress?(done: number): void
  abortSignal?: AbortSignal | undefined
}

/** Writes the files of `diskFiles` into an empty folder. */
export async function buildOnDisk(
  directory: string,
  passages: Iterable<Passage> | AsyncIterable<Passage>,
  { titleWeight, budget = 32_000_000, onProgress, abortSignal }: DiskBuildOptions,
): Promise<DiskFacts> {
  checkByteOrder()
  const path = (name: string): string => join(directory, name)
  const scratch = { terms: path("scratch-terms"), codes: path("scratch-codes"), counts: path("scratch-counts") }
  const writers: FileWriter[] = []
  const create = (file: string): FileWriter => {
    const writer = new FileWriter(file)
    writers.push(writer)
    return writer
  }
  try {
    const texts = create(path(diskFiles.texts))
    const offsets = create(path(diskFiles.offsets))
    const lengths = create(path(diskFiles.lengths))
    const [termsOut, codesOut, countsOut] = [create(scratch.terms), create(scratch.codes), create(scratch.counts)]
    const table = new PieceTable()
    const matching: number[] = []
    const codeOf = new Map<number, number>()
    /** Passage that met each term last, and where that passage counts it. */
    const metIn: number[] = []
    const slot: number[] = []
    let size = 0
    let total = 0
    let totalLength = 0
    let counted = 0
    let weight = 1
    const termsHere: number[] = []
    const frequencies: number[] = []
    const count = (term: number): void => {
      if (!table.stops[term]) counted++
      if (term === metIn.length) {
        matching.push(0)
        metIn.push(-1)
        slot.push(0)
      }
      if (metIn[term] === size) frequencies[slot[term]!]! += weight
      else {
        metIn[term] = size
        slot[term] = termsHere.length
        termsHere.push(term)
        frequencies.push(weight)
        matching[term]!++
      }
    }
    for await (const passage of passages) {
      termsHere.length = 0
      frequencies.length = 0
      weight = titleWeight
      counted = 0
      if (weight !== 0) {
        table.scan(passage.title, count)
        // Other terms than stop words stand in such a title only behind a bracket.
        const mayBeStops = counted === 0 || passage.title.indexOf("(", 1) > 0
        const name = mayBeStops ? stopName(passage.title) : undefined
        if (name !== undefined) count(table.number(name))
      }
      let length = counted * weight
      weight = 1
      counted = 0
      table.scan(passage.text, count)
      length += counted
      for (let i = 0; i < termsHere.length; i++) {
        const frequency = frequencies[i]!
        let code = codeOf.get(frequency)
        if (code === undefined) {
          code = codeOf.size
          if (code >= mostFrequencies) throw tooManyFrequencies(size)
          codeOf.set(frequency, code)
        }
        termsOut.uint32(termsHere[i]!)
        codesOut.uint16(code)
      }
      countsOut.uint32(termsHere.length)
      offsets.float64(texts.length)
      texts.text(passage.title)
      offsets.float64(texts.length)
      texts.text(passage.text)
      lengths.float64(length)
      totalLength += length
      total += termsHere.length
      size++
      if (size % 1000 === 0) {
        // Passages that are in memory already leave no moment for a signal to arrive.
        await nextTurn()
        abortSignal?.throwIfAborted()
        onProgress?.(size)
      }
    }
    offsets.float64(texts.length)
    for (const writer of writers) writer.close()
    onProgress?.(size)

    const { rank, starts } = writeTerms(path, table.terms, matching)
    table.terms.clear()
    sortPostings(path, scratch, { rank, starts, size, wide: codeOf.size > 256, budget })
    return {
      passages: size,
      terms: rank.length,
      postings: total,
      meanLength: totalLength / Math.max(1, size) || 1,
      frequencies: [...codeOf.keys()],
    }
  } finally {
    for (const writer of writers) writer.close()
    for (const file of Object.values(scratch)) rmSync(file, { force: true })
  }
}

/** Terms in sorted order; `rank` says which place the term of each number got. */
function writeTerms(
  path: (name: string) => string,
  termIds: ReadonlyMap<string, number>,
  matching: readonly number[],
): { rank: Uint32Array; starts: Float64Array } {
  const sorted = [...termIds.keys()].sort()
  const rank = new Uint32Array(sorted.length)
  const starts = new Float64Array(sorted.length + 1)
  const terms = new FileWriter(path(diskFiles.terms))
  const offsets = new FileWriter(path(diskFiles.termOffsets))
  const startsOut = new FileWriter(path(diskFiles.starts))
  try {
    sorted.forEach((term, place) => {
      const id = termIds.get(term)!
      rank[id] = place
      starts[place + 1] = starts[place]! + matching[id]!
      offsets.uint32(terms.length)
      terms.text(`${term}\n`)
    })
    offsets.uint32(terms.length)
    startsOut.write(bytesOf(starts))
  } finally {
    for (const writer of [terms, offsets, startsOut]) writer.close()
  }
  return { rank, starts }
}

interface SortOptions {
  rank: Uint32Array
  starts: Float64Array
  size: number
  wide: boolean
  budget: number
}

/** Each pass takes the postings of a run of terms out of the scratch files and writes them by term, then passage. */
function sortPostings(
  path: (name: string) => string,
  scratch: { terms: string; codes: string; counts: string },
  { rank, starts, size, wide, budget }: SortOptions,
): void {
  const postings = new FileWriter(path(diskFiles.postings))
  const codes = new FileWriter(path(diskFiles.codes))
  try {
    for (let from = 0; from < rank.length; ) {
      let to = from + 1
      while (to < rank.length && starts[to + 1]! - starts[from]! <= budget) to++
      const base = starts[from]!
      const length = starts[to]! - base
      const passageOf = new Uint32Array(length)
      const codeOf = wide ? new Uint16Array(length) : new Uint8Array(length)
      const next = Uint32Array.from(starts.subarray(from, to), (start) => start - base)
      const ids = scratchReader(scratch.terms, 4)
      const frequencies = scratchReader(scratch.codes, 2)
      const counts = scratchReader(scratch.counts, 4)
      for (let passage = 0; passage < size; passage++) {
        for (let left = counts.next(); left > 0; left--) {
          const term = rank[ids.next()]!
          const code = frequencies.next()
          if (term < from || term >= to) continue
          const place = next[term - from]!++
          passageOf[place] = passage
          codeOf[place] = code
        }
      }
      for (const reader of [ids, frequencies, counts]) reader.close()
      postings.write(bytesOf(passageOf))
      codes.write(bytesOf(codeOf))
      from = to
    }
  } finally {
    postings.close()
    codes.close()
  }
}

function scratchReader(path: string, width: 2 | 4): { next(): number; close(): void } {
  const file = openSync(path, "r")
  const values = width === 4 ? new Uint32Array(1 << 18) : new Uint16Array(1 << 18)
  const bytes = bytesOf(values)
  let at = 0
  let end = 0
  return {
    next() {
      if (at === end) {
        end = readSync(file, bytes, 0, bytes.length, null) / width
        at = 0
      }
      return values[at++]!
    },
    close: () => closeSync(file),
  }
}

const tooManyFrequencies = (passage: number): SwirlError =>
  new SwirlError(`Passage ${passage + 1} repeats words more often than an index can store; split it into passages.`)
