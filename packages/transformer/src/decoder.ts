/**
 * The decode loop as a machine that is stepped: requests wait, join the batch at the next step, leave when done.
 * Invariant: what a request generates depends on the weights, its prompt, its seed and its options; never on its neighbours
 * (up to the rounding of a matrix product over another number of rows).
 */
import * as tf from "@tensorflow/tfjs-core"
import { admitted } from "./admission.ts"
import { append } from "./append.ts"
import { seedWords } from "./counter-random.ts"
import { drawsWhole, sampleRows } from "./device-sampling.ts"
import { joinCaches } from "./join-caches.ts"
import { kernelsFor } from "./kernels.ts"
import {
  type Beginning,
  disposeCache,
  dropUnusedSlots,
  type KeyValueCache,
  selectRows,
  takeRow,
} from "./key-value-cache.ts"
import type { PrefixCache } from "./prefix-cache.ts"
import { type SampledToken, type SamplingOptions, sampleToken } from "./token-sampling.ts"
import type { TransformerModel } from "./transformer-model.ts"

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

export interface GeneratedSequence {
  tokenIds: number[]
  /** log π of each token under the model's own distribution: temperature 1, nothing cut off. */
  logProbabilities: number[]
  /** "stop": the last token is a stop token, or `isEnd` said so. "length": maxTokens or the model's last position was reached. */
  finishReason: "stop" | "length"
}

export interface DecoderOptions {
  /** Default: the config's end tokens. */
  stopTokenIds?: readonly number[]
  prefixCache?: PrefixCache
  /** Rows decoded together. Default 64. */
  maxRows?: number
  /** Padded prompt tokens fed at once. Default 4096. */
  prefillBudget?: number
}

export interface Decoder {
  /** Queues a request; its number comes back with its result. */
  add(request: GenerationRequest): number
  /** Admits what fits, feeds one token to every row, and returns what finished. */
  step(): { id: number; generation: GeneratedSequence }[]
  /** Requests waiting or running. */
  readonly pending: number
  /** Forgets a request, waiting or running. */
  cancel(id: number): void
  dispose(): void
}

interface Row {
  id: number
  request: GenerationRequest
  seed: readonly [number, number]
  stops: ReadonlySet<number>
  tokenIds: number[]
  logProbabilities: number[]
  finishReason?: "stop" | "length"
  cancelled?: boolean
  isReported?: boolean
}

/** Steps between two changes of the batch where one copies all of it and feeds those who join by themselves. */
const steadySteps = 8

/** A decoder over the live weights of `model`. Change the weights only while nothing is pending. */
export function createDecoder(model: TransformerModel, options: DecoderOptions = {}): Decoder {
  const { maxRows = 64, prefillBudget = 4096, prefixCache } = options
  const size = model.config.vocabularySize
  const waiting: Row[] = []
  let rows: Row[] = []
  let cache: KeyValueCache | undefined
  let next = 0
  const patience = kernelsFor(model.config) === undefined ? steadySteps : 1
  let unchanged = patience

  /** One token for every row, from the logits [vocabulary] at its index. Kernels leave the vocabulary to the host. */
  const take = (taking: readonly Row[], logits: tf.Tensor2D, indices: readonly number[]): void => {
    const position = ({ request, tokenIds }: Row): number => request.promptTokenIds.length + tokenIds.length
    const onDevice = kernelsFor(model.config) === undefined && taking.every((row) => drawsWhole(row.request))
    const samples = onDevice ? drawAll(taking, logits, indices, position) : undefined
    const host = onDevice ? undefined : (logits.dataSync() as Float32Array)
    logits.dispose()
    taking.forEach((row, i) => {
      const { tokenIds, request } = row
      const at = position(row)
      const sample = samples?.[i] ?? sampleToken(host!, indices[i]! * size, size, request, row.seed, at)
      tokenIds.push(sample.tokenId)
      row.logProbabilities.push(sample.logProbability)
      if (row.stops.has(sample.tokenId) || request.isEnd?.(tokenIds)) row.finishReason = "stop"
      else if (tokenIds.length >= request.maxTokens || at + 1 >= model.config.maxPositions) row.finishReason = "length"
    })
  }

  const join = (members: readonly Row[], joining: KeyValueCache): void => {
    if (cache === undefined) {
      cache = joining
      rows = [...members]
      return
    }
    const joined = joinCaches(model.config, [cache, joining])
    cache = joined.cache
    const all = [...rows, ...members]
    rows = joined.order.map((index) => all[index]!)
  }

  /** What waits and fits joins the batch. */
  const admit = (): void => {
    const joining = waiting.splice(0, maxRows - rows.length)
    for (const { members, logits, owners, cache: begun } of admitted(model, joining, {
      prefixCache,
      prefillBudget,
      standing: (): readonly Beginning[] => cache?.prefixes ?? [],
    })) {
      take(members, logits, owners)
      join(members, begun)
    }
  }

  const remember = (row: Row, index: number): void => {
    if (prefixCache === undefined || cache === undefined || row.cancelled) return
    const known = [...row.request.promptTokenIds, ...row.tokenIds].slice(0, cache.lengths[index])
    prefixCache.add(known, takeRow(model.config, cache, index))
  }

  const isGone = (row: Row): boolean => row.isReported === true || row.cancelled === true

  /** What is finished is told at once; its row leaves with the next change of the batch. */
  const report = () => {
    const done = rows.flatMap((row, index) => (row.finishReason !== undefined && !isGone(row) ? [{ row, index }] : []))
    return done.map(({ row, index }) => {
      remember(row, index)
      row.isReported = true
      const { id, tokenIds, logProbabilities, finishReason = "length" } = row
      return { id, generation: { tokenIds, logProbabilities, finishReason } }
    })
  }

  /** Rows that are gone leave the cache. */
  const leave = (): void => {
    if (cache === undefined || !rows.some(isGone)) return
    const staying = [...rows.keys()].filter((index) => !isGone(rows[index]!))
    if (staying.length > 0) cache = dropUnusedSlots(model.config, selectRows(model.config, cache, staying))
    else {
      disposeCache(cache)
      cache = undefined
    }
    rows = staying.map((index) => rows[index]!)
  }

  return {
    add(request) {
      const length = request.promptTokenIds.length
      if (length === 0) throw new Error("A prompt needs at least one token.")
      if (!(request.maxTokens >= 1)) throw new Error(`maxTokens must be at least 1, got ${request.maxTokens}.`)
      if (length >= model.config.maxPositions)
        throw new Error(
          `The prompt has ${length} tokens; the model has ${model.config.maxPositions} positions and needs one for its answer.`,
        )
      const stops = new Set(request.stopTokenIds ?? options.stopTokenIds ?? model.config.endTokenIds)
      const id = next++
      waiting.push({ id, request, seed: seedWords(request.seed), stops, tokenIds: [], logProbabilities: [] })
      return id
    },
    step() {
      unchanged++
      if (unchanged >= patience || rows.every(isGone)) {
        if (waiting.length > 0 || rows.some(isGone)) unchanged = 0
        leave()
        admit()
      }
      const finished = report()
      if (rows.every(isGone) || cache === undefined) {
        leave()
        return finished
      }
      const fed = append(
        model,
        cache,
        rows.map((row) => [row.tokenIds.at(-1)!]),
      )
      cache = fed.cache
      const going = [...rows.keys()].filter((index) => !isGone(rows[index]!))
      take(
        going.map((index) => rows[index]!),
        fed.logits,
        going,
      )
      finished.push(...report())
      if (rows.every(isGone)) leave()
      return finished
    },
    get pending() {
      return waiting.length + rows.filter((row) => !isGone(row)).length
    },
    cancel(id) {
      const at = waiting.findIndex((row) => row.id === id)
      if (at >= 0) waiting.splice(at, 1)
      const running = rows.find((row) => row.id === id)
      if (running !== undefined) running.cancelled = true
    },
    dispose() {
      if (cache !== undefined) disposeCache(cache)
      cache = undefined
      rows = []
      waiting.length = 0
    },
  }
}

function drawAll(
  rows: readonly Row[],
  logits: tf.Tensor2D,
  indices: readonly number[],
  position: (row: Row) => number,
): SampledToken[] {
  const inOrder = indices.length === logits.shape[0] && indices.every((index, i) => index === i)
  const picked = inOrder ? logits : tf.tidy(() => tf.gather(logits, tf.tensor1d([...indices], "int32")) as tf.Tensor2D)
  const samples = sampleRows(
    picked,
    rows.map((row) => ({ options: row.request, seed: row.seed, position: position(row) })),
  )
  if (!inOrder) picked.dispose()
  return samples
}

/** Runs all requests through one decoder; result i belongs to request i. Equal prompts are fed once. */
export function generateSequences(
  model: TransformerModel,
  requests: readonly GenerationRequest[],
  options: DecoderOptions = {},
): GeneratedSequence[] {
  const decoder = createDecoder(model, options)
  try {
    const results: GeneratedSequence[] = []
    for (const request of requests) decoder.add(request)
    while (decoder.pending > 0) for (const { id, generation } of decoder.step()) results[id] = generation
    return results
  } finally {
    decoder.dispose()
  }
}
