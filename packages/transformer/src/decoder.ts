/**
 * The decode loop as a machine that is stepped: requests wait, join the batch at the next step, leave when done.
 * Invariant: what a request generates depends on the weights, its prompt, its seed and its options; never on its neighbours
 * (up to the rounding of a matrix product over another number of rows).
 */
import { admitted } from "./admission.ts"
import { append } from "./append.ts"
import { isOverfull, rowsToFill, rowsToJoin } from "./batch-room.ts"
import { type DecodedRow, type GenerationRequest, isGone, newRow, takeTokens } from "./decoded-row.ts"
import { closeHoles, joinCaches } from "./join-caches.ts"
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
import { storeRow } from "./stored-row.ts"
import { prefillBudgetTokens } from "./token-budget.ts"
import type { TransformerModel } from "./transformer-model.ts"

export type { GenerationRequest } from "./decoded-row.ts"

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
  /** Of the batch's keys and values: its newest rows wait again where it grows beyond. Default: no bound. */
  maxBytes?: number
  /** New tokens of prompts that are fed at once. Default 4096. */
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

/** Steps between two changes of the batch where one copies all of it and feeds those who join by themselves. */
const steadySteps = 8

/** A decoder over the live weights of `model`. Change the weights only while nothing is pending. */
export function createDecoder(model: TransformerModel, options: DecoderOptions = {}): Decoder {
  const { config } = model
  const {
    maxRows = 64,
    maxBytes = Number.POSITIVE_INFINITY,
    prefillBudget = prefillBudgetTokens,
    prefixCache,
  } = options
  const waiting: DecodedRow[] = []
  let rows: DecodedRow[] = []
  let cache: KeyValueCache | undefined
  let next = 0
  const patience = kernelsFor(config) === undefined ? steadySteps : 1
  let unchanged = patience

  const join = (members: readonly DecodedRow[], joining: KeyValueCache): void => {
    if (cache === undefined) {
      cache = joining
      rows = [...members]
      return
    }
    const joined = joinCaches(config, [cache, joining])
    cache = joined.cache
    const all = [...rows, ...members]
    rows = joined.order.map((index) => all[index]!)
  }

  const room = (): number =>
    Math.min(maxRows, cache === undefined ? maxRows : rowsToFill(config, cache, maxBytes)) - rows.length

  /** What waits and fits joins the batch. */
  const admit = (): void => {
    if (waiting.length === 0) return
    const joining = waiting.splice(0, rowsToJoin({ config, maxRows, maxBytes }, { cache, rows: rows.length }, waiting))
    if (joining.length === 0) return
    if (cache !== undefined && isOverfull(config, cache, rows.length + joining.length, maxBytes))
      cache = closeHoles(config, cache)
    for (const { members, logits, owners, cache: begun } of admitted(model, joining, {
      prefixCache,
      prefillBudget,
      standing: (): readonly Beginning[] => cache?.prefixes ?? [],
    })) {
      takeTokens(config, members, logits, owners)
      join(members, begun)
      if (room() <= 0) break
    }
    const running = new Set(rows)
    waiting.unshift(...joining.filter((row) => !running.has(row)))
  }

  const remember = (row: DecodedRow, index: number): void => {
    if (prefixCache === undefined || cache === undefined || row.cancelled) return
    const known = [...row.request.promptTokenIds, ...row.tokenIds].slice(0, cache.lengths[index])
    const taken = takeRow(config, cache, index)
    prefixCache.add(known, kernelsFor(config) === undefined ? storeRow(taken) : taken)
  }

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

  /** Other rows leave the cache. */
  const keep = (stays: (row: DecodedRow) => boolean): void => {
    if (cache === undefined || rows.every(stays)) return
    const staying = [...rows.keys()].filter((index) => stays(rows[index]!))
    if (staying.length > 0) cache = dropUnusedSlots(config, selectRows(config, cache, staying))
    else {
      disposeCache(cache)
      cache = undefined
    }
    rows = staying.map((index) => rows[index]!)
  }

  const leave = (): void => keep((row) => !isGone(row))

  /** Where the batch holds more than it may, its newest rows wait again; they go on from the tokens they have. */
  const giveWay = (): void => {
    if (cache === undefined || !isOverfull(config, cache, rows.length, maxBytes)) return
    cache = closeHoles(config, cache)
    const byAge = rows.toSorted((a, b) => a.id - b.id)
    const away = new Set(byAge.slice(rowsToFill(config, cache, maxBytes)))
    rows.forEach((row, index) => {
      if (!away.has(row)) return
      remember(row, index)
      row.begins = [...row.request.promptTokenIds, ...row.tokenIds]
    })
    keep((row) => !away.has(row))
    waiting.unshift(...away)
  }

  return {
    add(request) {
      const length = request.promptTokenIds.length
      if (length === 0) throw new Error("A prompt needs at least one token.")
      if (!(request.maxTokens >= 1)) throw new Error(`maxTokens must be at least 1, got ${request.maxTokens}.`)
      if (length >= config.maxPositions)
        throw new Error(
          `The prompt has ${length} tokens; the model has ${config.maxPositions} positions and needs one for its answer.`,
        )
      const id = next++
      waiting.push(newRow(id, request, options.stopTokenIds ?? config.endTokenIds))
      return id
    },
    step() {
      unchanged++
      if (unchanged >= patience || rows.every(isGone)) {
        if (waiting.length > 0 || rows.some(isGone)) unchanged = 0
        leave()
        giveWay()
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
      takeTokens(
        config,
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
