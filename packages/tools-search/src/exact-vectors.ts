/** Exact nearest passages: every dot product is computed. A million numbers a millisecond or so; 20,000 x 384 take some 10 ms. */
import type { Corpus, Embedder } from "@swirl-ts/core"
import { closeSync, join, openSync, readSync } from "@swirl-ts/platform"
import { type EmbedCorpusOptions, embedCorpus } from "./embed-corpus.ts"
import { FileWriter } from "./file-writer.ts"
import { BestHits, checkCount, type VectorIndex } from "./hits.ts"

export interface VectorFacts {
  passages: number
  dimensions: number
}

const fileName = "vectors.f32"

/** Embeds a corpus into a file of an empty folder. */
export async function buildVectors(
  directory: string,
  corpus: Corpus,
  embedder: Embedder,
  options: EmbedCorpusOptions,
): Promise<VectorFacts> {
  const writer = new FileWriter(join(directory, fileName))
  let passages = 0
  try {
    for await (const { vectors } of embedCorpus(corpus, embedder, options)) {
      for (const vector of vectors) writer.write(Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength))
      passages += vectors.length
    }
  } finally {
    writer.close()
  }
  return { passages, dimensions: embedder.dimensions }
}

export function openVectors(directory: string, { passages, dimensions }: VectorFacts): VectorIndex {
  const vectors = new Float32Array(passages * dimensions)
  const bytes = Buffer.from(vectors.buffer)
  const file = openSync(join(directory, fileName), "r")
  try {
    for (let done = 0; done < bytes.length; ) {
      const read = readSync(file, bytes, done, Math.min(bytes.length - done, 2 ** 30), done)
      if (read === 0) throw new Error(`${fileName} ends too early`)
      done += read
    }
  } finally {
    closeSync(file)
  }
  return exactVectors(vectors, dimensions)
}

/** The same without a file, for hosts that store nothing. */
export async function embedInMemory(
  corpus: Corpus,
  embedder: Embedder,
  options: EmbedCorpusOptions,
): Promise<VectorIndex> {
  const all: Float32Array[] = []
  for await (const { vectors } of embedCorpus(corpus, embedder, options)) all.push(...vectors)
  const vectors = new Float32Array(all.length * embedder.dimensions)
  all.forEach((vector, i) => {
    vectors.set(vector, i * embedder.dimensions)
  })
  return exactVectors(vectors, embedder.dimensions)
}

/** Over vectors one after another in one array. */
export function exactVectors(vectors: Float32Array, dimensions: number): VectorIndex {
  const size = vectors.length / dimensions
  return {
    size,
    dimensions,
    description: `exact dot products, ${dimensions} dimensions`,
    nearest(query, count) {
      checkCount(count)
      const best = new BestHits(count)
      for (let index = 0, at = 0; index < size; index++) {
        let sum = 0
        for (let i = 0; i < dimensions; i++) sum += vectors[at++]! * query[i]!
        best.offer(index, sum)
      }
      return best.hits
    },
  }
}
