import * as tf from "@tensorflow/tfjs-core"
import { beforeAll, describe, expect, it } from "vitest"
import { initTestBackend } from "../test/small-model.ts"
import { normals } from "./counter-random.ts"
import { sampleRows } from "./device-sampling.ts"
import { sampleToken } from "./token-sampling.ts"

beforeAll(async () => {
  await initTestBackend()
})

describe("sampleRows", () => {
  it.each([40, 256, 700])("draws what the host draws from a vocabulary of %i", (size) => {
    const rows = 60
    const values = normals(`logits ${size}`, rows * size).map((value) => value * 3)
    const draws = Array.from({ length: rows }, (_, i) => ({
      options: { temperature: [0, 1, 0.5, 2][i % 4]! },
      seed: [i, 5] as const,
      position: i,
    }))
    const logits = tf.tensor2d(values, [rows, size])
    const sampled = sampleRows(logits, draws)
    draws.forEach(({ options, seed, position }, row) => {
      const host = sampleToken(Float32Array.from(values), row * size, size, options, seed, position)
      expect(sampled[row]!.tokenId).toBe(host.tokenId)
      expect(sampled[row]!.logProbability).toBeCloseTo(host.logProbability, 4)
    })
    logits.dispose()
  })

  it("refuses logits that are not finite", () => {
    const logits = tf.tensor2d([1, Number.NaN, 3], [1, 3])
    expect(() => sampleRows(logits, [{ options: {}, seed: [1, 2], position: 0 }])).toThrow("not finite")
  })
})
