/**
 * The layers of a key-value cache: cut out of old ones, put one under the other. Invariant: the old layers are left alone,
 * but where a function says that it replaces them: then each is freed as soon as what takes its place is there, so that a batch
 * is never held twice.
 */
import * as tf from "@tensorflow/tfjs-core"
import { kernelsFor } from "./kernels.ts"
import type { TransformerConfig } from "./transformer-config.ts"

/**
 * keys [rows, kvHeads, headSize, slots] (flipped, ready to be multiplied), values [rows, kvHeads, slots, headSize].
 * A type, as `tf.tidy` passes no interfaces.
 */
export type CacheLayer = { keys: tf.Tensor4D; values: tf.Tensor4D }

/** Layers in place of old ones. */
export const replaceLayers = (
  old: readonly CacheLayer[],
  change: (layer: CacheLayer, index: number) => CacheLayer,
): CacheLayer[] =>
  old.map((layer, index) => {
    const made = tf.tidy(() => change(layer, index))
    tf.dispose(layer)
    return made
  })

export const cloneLayers = (layers: readonly CacheLayer[]): CacheLayer[] =>
  layers.map(({ keys, values }) => ({ keys: tf.clone(keys), values: tf.clone(values) }))

/** Rows picked by index, in place of all. */
export function gatherRows(old: readonly CacheLayer[], rows: readonly number[]): CacheLayer[] {
  const index = tf.tensor1d([...rows], "int32")
  const layers = replaceLayers(old, ({ keys, values }) => ({
    keys: tf.gather(keys, index),
    values: tf.gather(values, index),
  }))
  index.dispose()
  return layers
}

/** Of every row the slots that it names, side by side, in place of all; a row that names less than `slots` ends in slots of any content. */
export function gatherSlots(
  old: readonly CacheLayer[],
  used: readonly (readonly number[])[],
  slots: number,
): CacheLayer[] {
  const places = new Int32Array(used.length * slots)
  for (const [r, row] of used.entries()) places.set(row, r * slots)
  const index = tf.tensor2d(places, [used.length, slots], "int32")
  const layers = replaceLayers(old, ({ keys, values }) => ({
    keys: gatherByRow(keys, index, 3),
    values: gatherByRow(values, index, 2),
  }))
  index.dispose()
  return layers
}

/** `index` is [rows, slots]. A gather with batch dimensions takes wrong places on TensorFlow.js' wasm backend (4.22): there, a row at a time. */
function gatherByRow(x: tf.Tensor4D, index: tf.Tensor2D, axis: number): tf.Tensor4D {
  if (tf.getBackend() !== "wasm") return tf.gather(x, index, axis, 1)
  const rows = tf.unstack(index).map((places, row) => tf.gather(tf.slice(x, row, 1), places as tf.Tensor1D, axis))
  return tf.concat(rows, 0)
}

/** The first `slots` slots of `rows` rows from `first` on; without layers, empty rows. */
export interface Piece {
  layers?: readonly CacheLayer[]
  first: number
  rows: number
  slots: number
}

/** Rows of one or several caches; neighbours that stay neighbours are copied at once. */
export function runsOf(rows: readonly { layers: readonly CacheLayer[]; row: number; slots: number }[]): Piece[] {
  const runs: Piece[] = []
  for (const { layers, row, slots } of rows) {
    const last = runs.at(-1)
    if (last !== undefined && last.layers === layers && row === last.first + last.rows) last.rows++
    else runs.push({ layers, first: row, rows: 1, slots })
  }
  return runs
}

/**
 * New layers of `slots` slots from pieces of old ones, one under the other. What lies behind a piece's slots is unspecified.
 * `replaced`: old ones that nobody needs any more.
 */
export function assemble(
  config: TransformerConfig,
  pieces: readonly Piece[],
  slots: number,
  replaced: readonly (readonly CacheLayer[])[] = [],
): CacheLayer[] {
  return Array.from({ length: config.layers }, (_, index) => {
    const made = assembleLayer(config, pieces, slots, index)
    for (const layers of replaced) tf.dispose(layers[index]!)
    return made
  })
}

function assembleLayer(config: TransformerConfig, pieces: readonly Piece[], slots: number, index: number): CacheLayer {
  const { keyValueHeads: groups, headSize: size } = config
  const kernels = kernelsFor(config)
  if (kernels === undefined) return tf.tidy(() => joinPieces(config, pieces, slots, index))
  const rows = pieces.reduce((sum, piece) => sum + piece.rows, 0)
  const keys = kernels.make<tf.Tensor4D>([rows, groups, size, slots])
  const values = kernels.make<tf.Tensor4D>([rows, groups, slots, size])
  let row = 0
  for (const piece of pieces) {
    const from = piece.layers?.[index]
    const old = from?.keys.shape[3] ?? 0
    const plane = 4 * groups * size
    if (from !== undefined && piece.slots > 0) {
      const [k, v] = [
        kernels.at(from.keys) + plane * old * piece.first,
        kernels.at(from.values) + plane * old * piece.first,
      ]
      const [toK, toV] = [kernels.at(keys) + plane * slots * row, kernels.at(values) + plane * slots * row]
      kernels.copyRows(k, old, toK, slots, piece.rows * groups * size, piece.slots)
      kernels.copyRows(v, old * size, toV, slots * size, piece.rows * groups, piece.slots * size)
    }
    row += piece.rows
  }
  return { keys, values }
}

function joinPieces(config: TransformerConfig, pieces: readonly Piece[], slots: number, index: number): CacheLayer {
  const { keyValueHeads: groups, headSize: size } = config
  const none: [number, number] = [0, 0]
  const parts = pieces.map(({ layers, first, rows, slots: used }): CacheLayer => {
    const layer = layers?.[index]
    if (layer === undefined || used === 0)
      return { keys: tf.zeros([rows, groups, size, slots]), values: tf.zeros([rows, groups, slots, size]) }
    const keys = tf.slice(layer.keys, [first, 0, 0, 0], [rows, groups, size, used])
    const values = tf.slice(layer.values, [first, 0, 0, 0], [rows, groups, used, size])
    const rest: [number, number] = [0, slots - used]
    return used === slots
      ? { keys, values }
      : { keys: tf.pad(keys, [none, none, none, rest]), values: tf.pad(values, [none, none, rest, none]) }
  })
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  return {
    keys: tf.concat(
      parts.map(({ keys }) => keys),
      0,
    ),
    values: tf.concat(
      parts.map(({ values }) => values),
      0,
    ),
  }
}
