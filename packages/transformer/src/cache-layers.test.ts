import * as tf from "@tensorflow/tfjs-core"
import { beforeAll, describe, expect, it } from "vitest"
import { initTestBackend, smallConfig } from "../test/small-model.ts"
import { append } from "./append.ts"
import { type CacheLayer, cloneLayers } from "./cache-layers.ts"
import { joinCaches } from "./join-caches.ts"
import { type KeyValueCache, selectRows } from "./key-value-cache.ts"
import { initModel } from "./transformer-model.ts"

beforeAll(async () => {
  await initTestBackend()
})

const layers = 16
// Heads of 6: where kernels compute, TensorFlow.js does not see what is copied.
const config = smallConfig({ layers, headSize: 6 })
const { keyValueHeads: groups, headSize: size } = config

function cacheOf(rows: number, slots: number): KeyValueCache {
  const layer = (): CacheLayer => ({
    keys: tf.randomUniform([rows, groups, size, slots]),
    values: tf.randomUniform([rows, groups, slots, size]),
  })
  return {
    slots,
    layers: Array.from({ length: layers }, layer),
    valid: Array.from({ length: rows }, () => new Uint8Array(slots).fill(1)),
    lengths: Array.from({ length: rows }, () => slots),
  }
}

const bytesOf = (of: readonly CacheLayer[]): number =>
  of.reduce((sum, { keys, values }) => sum + 4 * (keys.size + values.size), 0)

describe("a batch that changes", () => {
  it("is never held twice: what rows leave takes a layer more than what was there", async () => {
    const cache = cacheOf(12, 40)
    const [whole, before] = [bytesOf(cache.layers), tf.memory().numBytes]
    const { peakBytes } = await tf.profile(() => void selectRows(config, cache, [0, 2, 3, 5, 8, 9, 10, 11]))
    expect(tf.memory().numBytes).toBe(before - whole / 3)
    expect(peakBytes - before).toBeLessThan((2 * whole) / layers)
  })

  it("is never held twice: those who join cost themselves, padding, and a layer", async () => {
    const caches = [cacheOf(10, 40), cacheOf(2, 30)]
    const joined = (10 + 2) * (bytesOf(caches[0]!.layers) / 10)
    const before = tf.memory().numBytes
    const parts = caches.reduce((sum, { layers: each }) => sum + bytesOf(each), 0)
    const { peakBytes } = await tf.profile(() => void joinCaches(config, caches))
    expect(tf.memory().numBytes).toBe(before - parts + joined)
    // A layer is padded, then put together.
    expect(peakBytes - before).toBeLessThan(joined - parts + (3 * joined) / layers)
  })

  it("is never held twice: a token more for every row takes itself and a layer", async () => {
    const rows = 12
    const cache = cacheOf(rows, 80)
    const whole = bytesOf(cache.layers)
    const model = initModel(config, 1)
    // What the model keeps from its first use on.
    append(model, cacheOf(1, 2), [[3]]).logits.dispose()
    const before = tf.memory().numBytes
    let grown: KeyValueCache | undefined
    const { peakBytes } = await tf.profile(() => {
      const fed = append(
        model,
        cache,
        Array.from({ length: rows }, () => [3]),
      )
      fed.logits.dispose()
      grown = fed.cache
    })
    expect(bytesOf([...grown!.layers, ...grown!.recent!.layers])).toBe(whole + whole / 80)
    expect(tf.memory().numBytes).toBe(before + whole / 80)
    expect(peakBytes - before).toBeLessThan(whole / 2)
  })

  it("leaves alone what others hold of it", () => {
    const cache = cacheOf(3, 5)
    const held = cloneLayers(cache.layers)
    const before = held.map(({ keys }) => [...keys.dataSync()])
    selectRows(config, cache, [1])
    expect(held.map(({ keys }) => [...keys.dataSync()])).toEqual(before)
  })
})
