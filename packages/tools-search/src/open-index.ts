/**
 * The index that a corpus and the settings ask for. Words: BM25 in memory up to `memoryPassages`, on disk beyond, or
 * LanceDB. Vectors: exact, or LanceDB. What is stored is found again by the corpus's id, the analysis and the embedder.
 */
import {
  type Corpus,
  type Embedder,
  type Passage,
  type PassageIndex,
  type RetrieverContext,
  type Skipped,
  SwirlError,
  slug,
} from "@swirl-ts/core"
import { nextTurn } from "@swirl-ts/platform"
import { analysisVersion } from "./analysis.ts"
import { buildBm25 } from "./bm25.ts"
import { buildOnDisk } from "./disk-build.ts"
import { type DiskFacts, diskVersion } from "./disk-format.ts"
import { openOnDisk } from "./disk-index.ts"
import { checkDimensions } from "./embed-corpus.ts"
import { buildVectors, embedInMemory, openVectors, type VectorFacts } from "./exact-vectors.ts"
import type { PassageStore, TextIndex, VectorIndex, WordIndex } from "./hits.ts"
import { openOrBuild, openStored, type StoredIndex } from "./index-store.ts"
import { buildLance, type LanceFacts, type LanceIndex, openLance } from "./lancedb.ts"
import { importLancedb } from "./lancedb-peer.ts"
import type { SearchSettings } from "./options.ts"
import { rankedIndex } from "./ranked-index.ts"

/** Opens the index, building what is missing. Without a host nothing is stored and all of it is kept in memory. */
export async function openIndex(
  corpus: Corpus,
  settings: SearchSettings,
  context: RetrieverContext = {},
): Promise<PassageIndex> {
  const { mode, retriever, memoryPassages } = settings
  const embedder = mode === "text" ? undefined : await openEmbedder(settings, context)
  const opened: (PassageStore | VectorIndex)[] = []
  try {
    if (retriever === "lancedb") {
      const lance = await openLanceIndex(corpus, context, { text: mode !== "vector", passages: true, embedder })
      opened.push(lance)
      return joined(lance, lance, embedder && lance)
    }
    const text = await openText(corpus, settings, context)
    if (!embedder) return text
    opened.push(text)
    const large = retriever === "auto" && text.size > memoryPassages && context.host
    const vectors = large
      ? await openLanceIndex(corpus, context, { text: false, embedder, total: text.size })
      : await openExact(corpus, embedder, text.size, context)
    opened.push(vectors)
    return joined(text, text, vectors)
  } catch (error) {
    for (const part of opened) await part.close?.()
    throw error
  }

  function joined(store: PassageStore, words: WordIndex, vectors: VectorIndex | undefined): PassageIndex {
    if (embedder && vectors) checkDimensions(embedder, embedder.dimensions, vectors.dimensions)
    return rankedIndex({ store, words, vectors, embedder, settings })
  }
}

async function openEmbedder({ embedder, mode }: SearchSettings, { openEmbedder }: RetrieverContext): Promise<Embedder> {
  if (!embedder) {
    throw new SwirlError(`Search in mode ${mode} needs an embedder; name one, e.g. openai:text-embedding-3-small.`, {
      kind: "usage",
    })
  }
  if (!openEmbedder) throw new SwirlError(`Nothing here can open the embedder ${embedder}.`)
  return openEmbedder(embedder)
}

/** What the reading that has just ended left out. */
function skippedOf(corpus: Corpus): { skipped?: Skipped } {
  const skipped = corpus.skipped?.()
  return skipped && skipped.count > 0 ? { skipped } : {}
}

const corpusName = (corpus: Corpus): string => slug(corpus.id).slice(0, 40)

async function openText(corpus: Corpus, settings: SearchSettings, context: RetrieverContext): Promise<TextIndex> {
  const { host, onProgress, abortSignal } = context
  const { titleWeight, memoryPassages } = settings
  const stored = (passages: Corpus["passages"]): StoredIndex<DiskFacts, TextIndex> => ({
    host: host!,
    name: `${corpusName(corpus)}-bm25`,
    made: { corpus: corpus.id, kind: "bm25", version: diskVersion, analysis: analysisVersion, titleWeight },
    build: async (directory) => ({
      ...(await buildOnDisk(directory, passages(), {
        titleWeight,
        abortSignal,
        onProgress: (done) => onProgress?.({ stage: "index passages", done }),
      })),
      ...skippedOf(corpus),
    }),
    open: (directory, facts) => openOnDisk(directory, facts, settings),
    abortSignal,
  })
  if (host) {
    const found = await openStored(stored(() => corpus.passages()))
    if (found && "index" in found) {
      if (found.index.size > memoryPassages) return found.index
      await found.index.close?.()
    }
  }
  const first: Passage[] = []
  const rest = asyncIterator(corpus.passages())
  try {
    for (;;) {
      const next = await rest.next()
      if (next.done) return { ...buildBm25(first, settings), ...skippedOf(corpus) }
      first.push(next.value)
      if (host && first.length > memoryPassages) break
      if (first.length % 1000 === 0) {
        // Passages that are in memory already leave no moment for a signal to arrive.
        await nextTurn()
        abortSignal?.throwIfAborted()
      }
    }
    // What was read is not read again, unless another process built the index meanwhile.
    return await openOrBuild(
      stored(async function* () {
        yield* first.splice(0)
        yield* rest
      }),
    )
  } finally {
    await rest.return()
  }
}

async function* asyncIterator(
  passages: Iterable<Passage> | AsyncIterable<Passage>,
): AsyncGenerator<Passage, void, undefined> {
  yield* passages
}

async function openExact(
  corpus: Corpus,
  embedder: Embedder,
  total: number,
  { host, onProgress, abortSignal }: RetrieverContext,
): Promise<VectorIndex> {
  const options = {
    abortSignal,
    onProgress: (done: number) => onProgress?.({ stage: "embed passages", done, total }),
  }
  if (!host) return embedInMemory(corpus, embedder, options)
  return openOrBuild<VectorFacts, VectorIndex>({
    host,
    name: `${corpusName(corpus)}-vectors`,
    made: {
      corpus: corpus.id,
      kind: "vectors",
      version: 1,
      embedder: embedder.identity,
    },
    build: (directory) => buildVectors(directory, corpus, embedder, options),
    open: openVectors,
    abortSignal,
  })
}

async function openLanceIndex(
  corpus: Corpus,
  { host, onProgress, abortSignal }: RetrieverContext,
  {
    text,
    passages = false,
    embedder,
    total,
  }: { text: boolean; passages?: boolean; embedder: Embedder | undefined; total?: number },
): Promise<LanceIndex> {
  if (!host) throw new SwirlError("LanceDB stores its tables: it needs a host with a cache directory.")
  const lance = await importLancedb(host)
  const stage = embedder ? "embed passages" : "index passages"
  return openOrBuild<LanceFacts, LanceIndex>({
    host,
    name: `${corpusName(corpus)}-lancedb`,
    made: {
      corpus: corpus.id,
      kind: "lancedb",
      version: 1,
      text,
      ...(passages ? { passages } : {}),
      ...(embedder ? { embedder: embedder.identity } : {}),
    },
    build: async (directory) => ({
      ...(await buildLance(lance, directory, corpus, {
        text,
        passages,
        embedder,
        abortSignal,
        onProgress: (done) => onProgress?.({ stage, done, total }),
      })),
      ...skippedOf(corpus),
    }),
    open: (directory, facts) => openLance(lance, directory, facts),
    abortSignal,
  })
}
