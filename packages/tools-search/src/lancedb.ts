/**
 * A LanceDB table of a corpus: vectors, or the passages themselves with full text, vectors, or both. Vectors are compared exactly up to `exactRows`, beyond it by an
 * IVF-PQ index whose candidates are compared again with their full vectors. LanceDB's order of equal scores is its own, so
 * hits are ordered again here; which of equal ones make the cut remains its choice.
 */
import type { Corpus, Embedder, Passage, Skipped } from "@swirl-ts/core"
import { join } from "@swirl-ts/platform"
import { embedCorpus } from "./embed-corpus.ts"
import { checkCount, type Hit, type PassageStore, type VectorIndex, type WordIndex } from "./hits.ts"
import type { LanceConnection, LanceModule, LanceRow, LanceTable } from "./lancedb-peer.ts"

const rowsAtOnce = 8192
const exactRows = 50_000
const tableName = "passages"

export interface LanceFacts {
  passages: number
  dimensions: number
  skipped?: Skipped
}

export interface LanceOptions {
  /** Whether full text is indexed. */
  text: boolean
  /** Whether passages can be had back. */
  passages?: boolean
  embedder?: Embedder | undefined
  onProgress?: ((done: number) => void) | undefined
  abortSignal?: AbortSignal | undefined
}

/** Writes the table into a folder. */
export async function buildLance(
  lance: LanceModule,
  directory: string,
  corpus: Corpus,
  { text, passages: stored = false, embedder, onProgress, abortSignal }: LanceOptions,
): Promise<LanceFacts> {
  const connection = await lance.connect(join(directory, "lance"))
  let table: LanceTable | undefined
  let rows: Record<string, unknown>[] = []
  let size = 0
  const flush = async (): Promise<void> => {
    abortSignal?.throwIfAborted()
    const data = lance.makeArrowTable(rows)
    if (table) await table.add(data)
    else table = await connection.createTable(tableName, data)
    rows = []
  }
  const row = (passage: Passage, vector?: Float32Array): Record<string, unknown> => ({
    index: size++,
    ...(stored ? { title: passage.title } : {}),
    ...(stored || text ? { content: `${passage.title} ${passage.text}` } : {}),
    ...(vector ? { vector: Array.from(vector) } : {}),
  })
  try {
    const batches = embedder
      ? embedCorpus(corpus, embedder, { onProgress, abortSignal })
      : plainBatches(corpus, onProgress)
    for await (const { passages, vectors } of batches) {
      passages.forEach((passage, i) => {
        rows.push(row(passage, vectors?.[i]))
      })
      if (rows.length >= rowsAtOnce) await flush()
    }
    if (rows.length > 0) await flush()
    await table?.optimize()
    if (table && stored) await table.createIndex("index", { config: lance.Index.btree() })
    if (table && text) {
      const fts = { language: "English", stem: true, removeStopWords: true, asciiFolding: true, withPosition: false }
      await table.createIndex("content", { config: lance.Index.fts(fts) })
    }
    if (table && embedder && size > exactRows) {
      await table.createIndex("vector", { config: lance.Index.ivfPq({ distanceType: "dot" }) })
    }
  } finally {
    close(connection, table)
  }
  return { passages: size, dimensions: embedder?.dimensions ?? 0 }
}

async function* plainBatches(
  corpus: Corpus,
  onProgress?: (done: number) => void,
): AsyncGenerator<{ passages: Passage[]; vectors?: Float32Array[] }> {
  let done = 0
  for await (const passage of corpus.passages()) {
    yield { passages: [passage] }
    if (++done % 1000 === 0) onProgress?.(done)
  }
}

/** What was not asked for when the table was built cannot be asked of it. */
export interface LanceIndex extends VectorIndex, PassageStore, WordIndex {
  rank(query: string, count: number): Promise<Hit[]>
  close(): void
}

/** Opens the folder that `buildLance` wrote. */
export async function openLance(lance: LanceModule, directory: string, facts: LanceFacts): Promise<LanceIndex> {
  const connection = await lance.connect(join(directory, "lance"))
  const table = facts.passages > 0 ? await connection.openTable(tableName) : undefined
  const rows = table ? await table.countRows() : 0
  if (rows !== facts.passages) {
    close(connection, table)
    throw new Error(`its table has ${rows} rows, not ${facts.passages}`)
  }
  const hits = (rows: readonly LanceRow[], score: (row: LanceRow) => number): Hit[] =>
    rows
      .map((row) => ({ index: Number(row.index), score: score(row) }))
      .sort((a, b) => b.score - a.score || a.index - b.index)
  return {
    size: facts.passages,
    dimensions: facts.dimensions,
    skipped: facts.skipped,
    description: `LanceDB, ${facts.passages} passages${facts.dimensions ? `, ${facts.dimensions} dimensions` : ""}`,
    async rank(query, count) {
      checkCount(count)
      if (!table) return []
      const match = new lance.MatchQuery(query, "content")
      const found = await table
        .query()
        .fullTextSearch(match, { columns: ["content"] })
        .select(["index", "_score"])
        .limit(count)
        .toArray()
      return hits(found, (row) => row._score ?? 0)
    },
    async passages(indexes) {
      if (!table || indexes.length === 0) return []
      const rows = await table
        .query()
        .where(`index IN (${indexes.join(", ")})`)
        .select(["index", "title", "content"])
        .toArray()
      const found = new Map(rows.map(({ index, title = "", content = "" }) => [Number(index), { title, content }]))
      return indexes.map((index) => {
        const row = found.get(index)
        if (!row) throw new Error(`the table of the search index has no passage ${index}; delete it, it is built again`)
        return { title: row.title, text: row.content.slice(row.title.length + 1) }
      })
    },
    async nearest(vector, count) {
      checkCount(count)
      if (!table) return []
      const query = table.query().nearestTo(vector).distanceType("dot").select(["index", "_distance"]).limit(count)
      if (facts.passages > exactRows) query.nprobes(32).refineFactor(10)
      // LanceDB's dot distance is 1 minus the product.
      return hits(await query.toArray(), (row) => 1 - (row._distance ?? 1))
    },
    close: () => close(connection, table),
  }
}

function close(connection: LanceConnection, table: LanceTable | undefined): void {
  table?.close()
  connection.close()
}
