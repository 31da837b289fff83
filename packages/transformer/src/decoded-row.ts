/**
 * A row that is decoded: what was asked for, what it has so far, and how it gets its next token. Invariant: the draw follows
 * from logits, seed and position, not from where the row stands in a batch.
 */
import * as tf from "@tensorflow/tfjs-core"
import { seedWords } from "./counter-random.ts"
import { drawsWhole, sampleRows } from "./device-sampling.ts"
import { kernelsFor } from "./kernels.ts"
import { type SampledToken, type SamplingOptions, sampleToken } from "./token-sampling.ts"
import type { TransformerConfig } from "./transformer-config.ts"

export interface GenerationRequest extends SamplingOptions {
  promptTokenIds: readonly number[]
  seed: number | string
  /** Most tokens to generate; the model's last position also ends a row. */
  maxTokens: number
  /** Ids that end the row, included in its tokens. Default: the decoder's. */
  stopTokenIds?: readonly number[]
  /** Looks at a row's tokens after each one: true ends it there, the newest token included. For texts to stop at. */
  isEnd?(tokenIds: readonly number[]): boolean
}

export interface DecodedRow {
  id: number
  request: GenerationRequest
  seed: readonly [number, number]
  stops: ReadonlySet<number>
  /** What is fed when it joins the batch: its prompt, and what it had when it last gave way. */
  begins: readonly number[]
  tokenIds: number[]
  logProbabilities: number[]
  finishReason?: "stop" | "length"
  cancelled?: boolean
  isReported?: boolean
}

export function newRow(id: number, request: GenerationRequest, endTokenIds: readonly number[]): DecodedRow {
  return {
    id,
    request,
    seed: seedWords(request.seed),
    stops: new Set(request.stopTokenIds ?? endTokenIds),
    begins: request.promptTokenIds,
    tokenIds: [],
    logProbabilities: [],
  }
}

/** Nobody waits for it any more. */
export const isGone = (row: DecodedRow): boolean => row.isReported === true || row.cancelled === true

const positionOf = ({ request, tokenIds }: DecodedRow): number => request.promptTokenIds.length + tokenIds.length

/** One token for every row, from the logits [vocabulary] at its index; the logits are freed. Kernels leave the vocabulary to the host. */
export function takeTokens(
  config: TransformerConfig,
  taking: readonly DecodedRow[],
  logits: tf.Tensor2D,
  indices: readonly number[],
): void {
  const size = config.vocabularySize
  const onDevice = kernelsFor(config) === undefined && taking.every((row) => drawsWhole(row.request))
  const samples = onDevice ? drawAll(taking, logits, indices) : undefined
  const host = onDevice ? undefined : (logits.dataSync() as Float32Array)
  logits.dispose()
  taking.forEach((row, i) => {
    const { tokenIds, request } = row
    const at = positionOf(row)
    const sample = samples?.[i] ?? sampleToken(host!, indices[i]! * size, size, request, row.seed, at)
    tokenIds.push(sample.tokenId)
    row.logProbabilities.push(sample.logProbability)
    if (row.stops.has(sample.tokenId) || request.isEnd?.(tokenIds)) row.finishReason = "stop"
    else if (tokenIds.length >= request.maxTokens || at + 1 >= config.maxPositions) row.finishReason = "length"
  })
}

function drawAll(rows: readonly DecodedRow[], logits: tf.Tensor2D, indices: readonly number[]): SampledToken[] {
  const inOrder = indices.length === logits.shape[0] && indices.every((index, i) => index === i)
  const picked = inOrder ? logits : tf.tidy(() => tf.gather(logits, tf.tensor1d([...indices], "int32")) as tf.Tensor2D)
  const samples = sampleRows(
    picked,
    rows.map((row) => ({ options: row.request, seed: row.seed, position: positionOf(row) })),
  )
  if (!inOrder) picked.dispose()
  return samples
}
