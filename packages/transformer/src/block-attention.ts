/**
 * Attention of rows that lie in blocks: the rows of a block share their ancestors, so they look at them in one product,
 * and no score is computed for rows that nobody sees. Plain operations, on any backend.
 * Invariant: probabilities are not kept but computed again for the gradient: memory does not grow with a block's context.
 */
import * as tf from "@tensorflow/tfjs-core"
import { uncapped } from "./attention.ts"
import { addInto } from "./head.ts"
import { isSliding } from "./sliding-window.ts"
import { softCap } from "./soft-cap.ts"
import type { TransformerConfig } from "./transformer-config.ts"
import type { Block, Range } from "./trunk-plan.ts"

/** Rotated keys and values of one layer, each [rows, kvHeads · headSize]. A type, as `tf.tidy` passes no interfaces. */
export type RowStates = { keys: tf.Tensor2D; values: tf.Tensor2D }

/** What leaves look back at, by layer, and the gradients that they add there: keys beside values. */
export interface Trunk {
  states: RowStates[]
  gradients: (tf.Tensor2D | undefined)[]
}

/** Additive masks [1, rows, context + rows]; sliding layers take their own where there is one. */
interface MaskedBlock extends Block {
  mask: tf.Tensor3D
  slidingMask?: tf.Tensor3D
  /** What the block's `trunk` ranges mean, by layer, where each block has a trunk of its own (no gradient). */
  behind?: readonly RowStates[]
}

export interface BlockShape {
  blocks: readonly MaskedBlock[]
  /** Which row each row of the blocks' contexts and of the blocks themselves is, block after block. */
  ownIndex: tf.Tensor2D
  trunkIndex?: tf.Tensor2D
  /** The trunk that the blocks' `trunk` ranges mean. */
  trunk?: Trunk
  /** The trunk that these rows are: its states are kept here, and its gradients are taken from here. */
  grows?: Trunk
}

const count = (ranges: readonly Range[]): number => ranges.reduce((sum, [from, to]) => sum + to - from, 0)
const expand = (ranges: readonly Range[]): number[] =>
  ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i))

/** Masks and indices of blocks of rows at `positions`; free them with `disposeBlocks`. */
export function createBlocks(
  { slidingWindow: window = Number.POSITIVE_INFINITY }: TransformerConfig,
  blocks: readonly Block[],
  positions: readonly number[],
): BlockShape {
  const reach = positions.reduce((most, position) => Math.max(most, position), 0)
  const own = blocks.flatMap((block) => expand([...block.own, [block.from, block.to]]))
  const trunk = blocks.flatMap((block) => expand(block.trunk))
  return {
    blocks: blocks.map((block) => ({
      ...block,
      mask: maskOf(block, positions),
      slidingMask: window > reach ? undefined : maskOf(block, positions, window),
    })),
    ownIndex: tf.tensor2d(own, [own.length, 1], "int32"),
    trunkIndex: trunk.length === 0 ? undefined : tf.tensor2d(trunk, [trunk.length, 1], "int32"),
  }
}

/** A block's context is the whole path from the root to it, so the place in it is the position. */
function maskOf(
  { from, to, trunk, own, ends }: Block,
  positions: readonly number[],
  window = Number.POSITIVE_INFINITY,
): tf.Tensor3D {
  const rows = to - from
  const context = count(trunk) + count(own)
  const width = context + rows
  const data = new Float32Array(rows * width)
  for (let i = 0; i < rows; i++) {
    const first = positions[from + i]! - window + 1
    for (let j = 0; j < context && j < first; j++) data[i * width + j] = -1e9
    for (let j = 0; j < rows; j++)
      if (j > i || i >= ends[j]! || positions[from + j]! < first) data[i * width + context + j] = -1e9
  }
  return tf.tensor3d(data, [1, rows, width])
}

export function disposeBlocks({ blocks, ownIndex, trunkIndex }: BlockShape): void {
  tf.dispose([...blocks.flatMap(({ mask, slidingMask }) => [mask, slidingMask ?? []]), ownIndex, trunkIndex ?? []])
}

const slice = (x: tf.Tensor2D, [from, to]: Range): tf.Tensor2D => tf.slice(x, [from, 0], [to - from, x.shape[1]])
const stack = (parts: tf.Tensor2D[]): tf.Tensor2D => (parts.length === 1 ? parts[0]! : tf.concat(parts, 0))

/** The rows of a context and a block, from the trunk's rows and those of the piece. */
const gatherRows = (block: Block, trunk: tf.Tensor2D | undefined, own: tf.Tensor2D): tf.Tensor2D =>
  stack([
    ...(trunk === undefined ? [] : block.trunk.map((range) => slice(trunk, range))),
    ...[...block.own, [block.from, block.to] as const].map((range) => slice(own, range)),
  ])

/** [rows, heads · size] -> [heads, rows, size], or [heads, size, rows] when `flipped`. */
const byHead = (x: tf.Tensor2D, size: number, flipped = false): tf.Tensor3D =>
  tf.transpose(tf.reshape(x, [x.shape[0], -1, size]), flipped ? [1, 2, 0] : [1, 0, 2]) as tf.Tensor3D
/** [rows, kvHeads · size] as a cache keeps it: keys [kvHeads, size, rows], values [kvHeads, rows, size]. */
export const keysByHead = (keys: tf.Tensor2D, size: number): tf.Tensor3D => byHead(keys, size, true)
export const valuesByHead = (values: tf.Tensor2D, size: number): tf.Tensor3D => byHead(values, size)
const byRow = (x: tf.Tensor3D): tf.Tensor2D => {
  const [heads, rows, size] = x.shape
  return tf.reshape(tf.transpose(x, [1, 0, 2]), [rows, heads * size])
}

interface Inputs {
  q: tf.Tensor2D
  k: tf.Tensor2D
  v: tf.Tensor2D
}

/** Queries [groups, share · rows, size] and probabilities [groups, share · rows, context + rows] of one block. */
function score(
  config: TransformerConfig,
  block: MaskedBlock,
  index: number,
  queryRows: tf.Tensor2D,
  keys: tf.Tensor2D,
) {
  const { heads, keyValueHeads: groups, headSize: size } = config
  const rows = block.to - block.from
  const width = keys.shape[0]
  const queries = tf.reshape(byHead(tf.mul(queryRows, 1 / Math.sqrt(size)), size), [
    groups,
    (heads / groups) * rows,
    size,
  ])
  const raw = tf.reshape(tf.matMul(queries, byHead(keys, size, true)), [heads, rows, width])
  const mask = (isSliding(config, index) ? block.slidingMask : undefined) ?? block.mask
  const scores = softCap(raw, config.attentionSoftCap)
  const probabilities = tf.reshape(tf.softmax(tf.add(scores, mask)), [groups, -1, width])
  return { queries: queries as tf.Tensor3D, probabilities: probabilities as tf.Tensor3D }
}

/** Attention of rotated q, k, v [rows, heads · headSize] in layer `index`. */
export function blockAttention(
  config: TransformerConfig,
  shape: BlockShape,
  index: number,
  { q, k, v }: Inputs,
): tf.Tensor2D {
  const { heads, headSize: size } = config
  if (shape.grows !== undefined)
    shape.grows.states[index] ??= { keys: tf.keep(tf.clone(k)), values: tf.keep(tf.clone(v)) }
  return stack(
    shape.blocks.map((block) =>
      tf.tidy(() => {
        const trunk = (block.behind ?? shape.trunk?.states)?.[index]
        const { probabilities } = score(
          config,
          block,
          index,
          slice(q, [block.from, block.to]),
          gatherRows(block, trunk?.keys, k),
        )
        const mixed = tf.matMul(probabilities, byHead(gatherRows(block, trunk?.values, v), size))
        return byRow(tf.reshape(mixed, [heads, block.to - block.from, size]))
      }),
    ),
  )
}

/** Gradients for the rotated q, k, v; what the trunk's share is goes to the trunk. */
export function blockAttentionGradient(
  config: TransformerConfig,
  shape: BlockShape,
  index: number,
  { q, k, v }: Inputs,
  output: tf.Tensor2D,
  dOutput: tf.Tensor2D,
): Inputs {
  const { heads, keyValueHeads: groups, headSize: size } = config
  const trunk = shape.trunk?.states[index]
  const width = groups * size
  const parts = shape.blocks.map((block) =>
    tf.tidy(() => {
      const here: Range = [block.from, block.to]
      const rows = block.to - block.from
      const keys = gatherRows(block, trunk?.keys, k)
      const values = gatherRows(block, trunk?.values, v)
      const { queries, probabilities: p } = score(config, block, index, slice(q, here), keys)
      const dOut = slice(dOutput, here)
      const dMixed = tf.reshape(byHead(dOut, size), [groups, -1, size]) as tf.Tensor3D
      const along = tf.sum(tf.reshape(tf.mul(dOut, slice(output, here)), [rows, heads, size]), 2)
      const centre = tf.reshape(tf.transpose(along), [groups, -1, 1])
      const dCapped = tf.mul(p, tf.sub(tf.matMul(dMixed, byHead(values, size, true)), centre)) as tf.Tensor3D
      const dScores = uncapped(config, dCapped, () => tf.matMul(queries, byHead(keys, size, true)))
      const dQueries = tf.mul(tf.matMul(dScores, byHead(keys, size)), 1 / Math.sqrt(size))
      const dKeys = tf.matMul(dScores, queries, true, false) as tf.Tensor3D
      const dValues = tf.matMul(p, dMixed, true, false) as tf.Tensor3D
      const both = tf.concat([byRow(dKeys), byRow(dValues)], 1)
      const before = count(block.trunk)
      return {
        q: byRow(tf.reshape(dQueries, [heads, rows, size])),
        trunk: before === 0 ? undefined : slice(both, [0, before]),
        own: slice(both, [before, both.shape[0]]),
      }
    }),
  )
  const scatter = (values: tf.Tensor2D[], at: tf.Tensor2D, rows: number): tf.Tensor2D =>
    tf.scatterND(at, stack(values), [rows, 2 * width])
  let own = scatter(
    parts.map((part) => part.own),
    shape.ownIndex,
    k.shape[0],
  )
  const fromLeaves = shape.grows?.gradients[index]
  if (fromLeaves !== undefined) own = tf.add(own, fromLeaves)
  if (shape.trunk !== undefined && trunk !== undefined && shape.trunkIndex !== undefined) {
    const values = parts.flatMap((part) => part.trunk ?? [])
    const added = scatter(values, shape.trunkIndex, trunk.keys.shape[0])
    shape.trunk.gradients[index] = tf.keep(addInto(shape.trunk.gradients[index], added) as tf.Tensor2D)
  }
  return {
    q: stack(parts.map((part) => part.q)),
    k: tf.slice(own, [0, 0], [-1, width]),
    v: tf.slice(own, [0, width], [-1, width]),
  }
}

/** Frees a trunk's keys, values and gradients. */
export function disposeTrunk({ states, gradients }: Trunk): void {
  tf.dispose(states.flatMap(({ keys, values }) => [keys, values]))
  tf.dispose(gradients.filter((gradient) => gradient !== undefined))
}
