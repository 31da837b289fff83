/**
 * A small model for tests, and the backend they run on: wasm, or what SWIRL_TEST_BACKEND (wasm, native, cpu) names,
 * native from the folder SWIRL_PEERS.
 */
import { type BackendName, initBackend } from "../src/backend.ts"
import type { TransformerConfig } from "../src/transformer-config.ts"

/** Starts the test backend and returns its name. */
export async function initTestBackend(): Promise<BackendName> {
  const name = (process.env.SWIRL_TEST_BACKEND ?? "wasm") as BackendName
  await initBackend(name, { peersDirectory: process.env.SWIRL_PEERS })
  return name
}

/** A small model shape for tests. Heads of 8 use the wasm kernels, heads of 6 the plain operations. */
export const smallConfig = (changes: Partial<TransformerConfig> = {}): TransformerConfig => ({
  vocabularySize: 40,
  hiddenSize: 32,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  headSize: 8,
  innerSize: 48,
  maxPositions: 128,
  ropeTheta: 10_000,
  normEpsilon: 1e-5,
  tiedEmbeddings: true,
  endTokenIds: [1],
  ...changes,
})

/** Largest difference between two lists of numbers, relative to the largest of the second. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY
  let worst = 0
  let size = 1e-30
  for (let i = 0; i < expected.length; i++) {
    worst = Math.max(worst, Math.abs(actual[i]! - expected[i]!))
    size = Math.max(size, Math.abs(expected[i]!))
    if (Number.isNaN(actual[i]!)) return Number.POSITIVE_INFINITY
  }
  return worst / size
}

/** Root of the mean squared difference, relative to the second list's own: of roundings, which the largest says little of. */
export function meanError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY
  let difference = 0
  let size = 0
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2
    size += expected[i]! ** 2
  }
  return Math.sqrt(difference / size)
}
