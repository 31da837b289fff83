/**
 * Prompts into a cache, where attention is plain operations: all of them form tries, so a token that several begin with
 * goes through the network once, and rows that begin alike share keys and values instead of copying them.
 */
import * as tf from "@tensorflow/tfjs-core"
import { shareBeginnings } from "./beginnings.ts"
import { keysByHead, type RowStates, valuesByHead } from "./block-attention.ts"
import { type CacheLayer, cloneLayers } from "./cache-layers.ts"
import { finalNorm, runLayers } from "./forward.ts"
import { logitsOf } from "./head.ts"
import {
  type Beginning,
  type CachedRow,
  cacheFromRows,
  disposeCache,
  type KeyValueCache,
  type SharedPrefix,
} from "./key-value-cache.ts"
import { createPieceBatch, disposePackedBatch } from "./packed-batch.ts"
import { packStates } from "./packing.ts"
import { ownLayer } from "./stored-row.ts"
import type { TransformerModel } from "./transformer-model.ts"
import { type Block, type Piece, parentsOf, planTrunk, type Range, rangesOf } from "./trunk-plan.ts"

export interface Prompt {
  tokenIds: readonly number[]
  /** Rows that go on from it. */
  rows: number
  /** Its first tokens as they were computed before. */
  found?: { row: CachedRow; length: number }
}

export interface Prefilled {
  /** After each prompt's last token: [prompts, vocabulary]. */
  logits: tf.Tensor2D
  cache: KeyValueCache
  /** For each row of the cache, its prompt. */
  owners: number[]
}

/** They go on from the same tokens of the same row. */
export const goOnAlike = (a: Pick<Prompt, "found">, b: Pick<Prompt, "found">): boolean =>
  a.found?.row === b.found?.row && a.found?.length === b.found?.length

/** A trie of prompts that begin with the same cached tokens, or with none. */
interface Pack {
  found?: { row: CachedRow; length: number }
  /** Position of the trie's first token: the last cached one is fed again, as a trie has one root. */
  base: number
  members: number[]
}

/**
 * Feeds `prompts` (in an order in which those that begin alike are neighbours). `standing`: beginnings that the batch holds
 * already, which its new rows may share.
 */
export function prefill(
  model: TransformerModel,
  prompts: readonly Prompt[],
  standing: readonly Beginning[] = [],
): Prefilled {
  const { config } = model
  const packs: Pack[] = []
  prompts.forEach((prompt, index) => {
    const { tokenIds, found } = prompt
    const base = found === undefined ? 0 : found.length - 1
    const same = packs.find(
      (pack) => goOnAlike(pack, prompt) && prompts[pack.members[0]!]!.tokenIds[base] === tokenIds[base],
    )
    if (same === undefined) packs.push({ found, base, members: [index] })
    else same.members.push(index)
  })
  const piece = { tokenIds: [] as number[], positions: [] as number[], blocks: [] as (Block & { pack: number })[] }
  const paths: Range[][] = []
  /** Of each prompt. */
  const packOf: number[] = []
  packs.forEach(({ base, members }, pack) => {
    const offset = piece.tokenIds.length
    const moved = ([from, to]: Range): Range => [from + offset, to + offset]
    // The one token of an action is predicted, never fed: its source is the prompt's last row.
    const sequence = packStates(
      members.map((index) => ({
        state: prompts[index]!.tokenIds.slice(base),
        actions: [{ tokenIds: [0], coefficients: [1] }],
      })),
    )
    const { trunk } = planTrunk(sequence, Number.POSITIVE_INFINITY)
    piece.tokenIds.push(...trunk.tokenIds)
    piece.positions.push(...trunk.positions.map((position) => position + base))
    for (const block of trunk.blocks) {
      const [from, to] = moved([block.from, block.to])
      const before: Range[] = base === 0 ? [] : [[0, base]]
      piece.blocks.push({ ...block, from, to, own: block.own.map(moved), trunk: before, pack })
    }
    const parents = parentsOf(trunk)
    members.forEach((index, place) => {
      const rows: number[] = []
      let row = sequence.targets[sequence.origins[place]!.actions[0]![0]!]!.source
      for (; row >= 0; row = parents[row]!) rows.push(row)
      paths[index] = rangesOf(rows.reverse()).map(moved)
      packOf[index] = pack
    })
  })
  const ends = paths.map((ranges) => ranges.at(-1)![1] - 1)
  const batch = createPieceBatch(config, { ...piece, targets: [], origins: [] } satisfies Piece)
  const kept = { states: [] as RowStates[], gradients: [] }
  const known = packs.map(({ found, base }) => (found === undefined ? [] : rowsOf(found.row, base)))
  const logits = tf.tidy(() => {
    const blocks = batch.blocks && {
      ...batch.blocks,
      blocks: batch.blocks.blocks.map((block, i) => ({ ...block, behind: known[piece.blocks[i]!.pack]! })),
      grows: kept,
    }
    const x = runLayers(model, { ...batch, blocks })
    const last = tf.gather(x, tf.tensor1d(ends, "int32")) as tf.Tensor2D
    return logitsOf(model, finalNorm(model, last))
  })
  /** Its tokens from `from` to `to`. */
  const cachedRow = (index: number, from: number, to: number): CachedRow => ({
    length: to - from,
    layers: kept.states.map(({ keys, values }, layer) =>
      tf.tidy((): CacheLayer => {
        const before = known[packOf[index]!]![layer]
        const join = (own: tf.Tensor2D, old: tf.Tensor2D | undefined): tf.Tensor2D => {
          const parts = [...(old ? [old] : []), ...paths[index]!.map(([a, b]) => tf.slice(own, [a, 0], [b - a, -1]))]
          return tf.slice(tf.concat(parts, 0), [from, 0], [to - from, -1])
        }
        return {
          keys: tf.expandDims(keysByHead(join(keys, before?.keys), config.headSize)),
          values: tf.expandDims(valuesByHead(join(values, before?.values), config.headSize)),
        }
      }),
    ),
  })
  const result = fork(model, prompts, standing, cachedRow)
  tf.dispose([...kept.states, ...known.flat()].flatMap(({ keys, values }) => [keys, values]))
  disposePackedBatch(batch)
  return { logits, ...result }
}

/** The first tokens of a cached sequence as [tokens, kvHeads · headSize], by layer. */
function rowsOf(row: CachedRow, length: number): RowStates[] {
  const { behind } = row
  const begun = Math.min(length, behind?.length ?? 0)
  return (row.stored ?? row.layers).map((_, index) =>
    tf.tidy((): RowStates => {
      const parts = [
        ...(behind && begun > 0 ? [firstOf(behind.layers[index]!, begun)] : []),
        ...(length > begun || begun === 0 ? [firstOf(ownLayer(row, index), length - begun)] : []),
      ]
      const join = (of: (part: RowStates) => tf.Tensor2D): tf.Tensor2D =>
        parts.length === 1 ? of(parts[0]!) : tf.concat(parts.map(of), 0)
      return { keys: join(({ keys }) => keys), values: join(({ values }) => values) }
    }),
  )
}

function firstOf({ keys, values }: CacheLayer, length: number): RowStates {
  const [, groups, size] = keys.shape
  const k = tf.transpose(tf.slice(keys, [0, 0, 0, 0], [1, groups, size, length]), [0, 3, 1, 2])
  const v = tf.transpose(tf.slice(values, [0, 0, 0, 0], [1, groups, length, size]), [0, 2, 1, 3])
  return { keys: tf.reshape(k, [length, groups * size]), values: tf.reshape(v, [length, groups * size]) }
}

/** A row for each sample; what enough rows begin with is held once. */
function fork(
  { config }: TransformerModel,
  prompts: readonly Prompt[],
  standing: readonly Beginning[],
  cachedRow: (index: number, from: number, to: number) => CachedRow,
): { cache: KeyValueCache; owners: number[] } {
  const owners: number[] = []
  const own: { row?: CachedRow; length: number }[] = []
  const made: CachedRow[] = []
  const prefixes: SharedPrefix[] = []
  const known = [...standing, ...prompts.flatMap(({ found }) => found?.row.behind ?? [])]
  for (const { beginning, members } of shareBeginnings(prompts, distinct(known))) {
    const first = owners.length
    for (const { prompt, shared } of members) {
      const { tokenIds, rows } = prompts[prompt]!
      const length = tokenIds.length - shared
      const row = length > 0 ? cachedRow(prompt, shared, tokenIds.length) : undefined
      if (row) made.push(row)
      for (let i = 0; i < rows; i++) {
        owners.push(prompt)
        own.push({ row, length })
      }
    }
    if (beginning === undefined) continue
    const held: Beginning =
      "prompt" in beginning
        ? {
            tokenIds: prompts[beginning.prompt]!.tokenIds.slice(0, beginning.length),
            layers: cachedRow(beginning.prompt, 0, beginning.length).layers,
          }
        : { tokenIds: beginning.tokenIds, layers: cloneLayers(beginning.layers) }
    prefixes.push({ ...held, length: held.tokenIds.length, first, rows: owners.length - first })
  }
  const cache = cacheFromRows(config, own)
  for (const row of made) disposeCache(row)
  const lengths = owners.map((index) => prompts[index]!.tokenIds.length)
  return { cache: { ...cache, lengths, prefixes }, owners }
}

const distinct = (beginnings: readonly Beginning[]): Beginning[] => [
  ...new Map(beginnings.map((each) => [each.tokenIds, each])).values(),
]
