/** The vectors of a corpus, in batches, in corpus order; whatever an embedder gets wrong is found here. */
import { type Corpus, type Embedder, type Passage, SwirlError } from "@swirl-ts/core"

const batchSize = 512

export interface EmbedCorpusOptions {
  onProgress?: ((done: number) => void) | undefined
  abortSignal?: AbortSignal | undefined
}

/** The text of a passage that its vector is made of. */
const embeddedText = ({ title, text }: Passage): string =>
  title === "" ? text : text === "" ? title : `${title}: ${text}`

/** Yields passages with their vectors, batch by batch. */
export async function* embedCorpus(
  corpus: Corpus,
  embedder: Embedder,
  { onProgress, abortSignal }: EmbedCorpusOptions,
): AsyncGenerator<{ passages: Passage[]; vectors: Float32Array[] }> {
  let done = 0
  let batch: Passage[] = []
  const embed = async () => {
    abortSignal?.throwIfAborted()
    const passages = batch
    batch = []
    const vectors = await embedTexts(embedder, passages.map(embeddedText), "passage", abortSignal)
    done += passages.length
    onProgress?.(done)
    return { passages, vectors }
  }
  for await (const passage of corpus.passages()) {
    batch.push(passage)
    if (batch.length === batchSize) yield await embed()
  }
  if (batch.length > 0) yield await embed()
}

/** Vectors as the contract promises them; the error says what came instead. */
export async function embedTexts(
  embedder: Embedder,
  texts: readonly string[],
  kind: "query" | "passage",
  abortSignal?: AbortSignal,
): Promise<Float32Array[]> {
  const vectors = await embedder.embed(texts, { kind, abortSignal })
  if (vectors.length !== texts.length) {
    throw new SwirlError(
      `The embedder ${embedder.identity} gave ${vectors.length} vectors for ${texts.length} texts; it cannot be used.`,
    )
  }
  for (const vector of vectors) checkDimensions(embedder, vector.length, embedder.dimensions)
  return vectors
}

export function checkDimensions(embedder: Embedder, found: number, expected: number): void {
  if (found === expected) return
  throw new SwirlError(
    `The embedder ${embedder.identity} gives vectors of ${found} numbers where ${expected} are expected. ` +
      "If another model stands behind this name now, delete the folders `indexes` and `embeddings` of the cache.",
  )
}
