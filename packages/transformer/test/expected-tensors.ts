/** What PyTorch computed for a fixture, and our side of the same. */
import { forward } from "../src/forward.ts"
import { readSafetensors } from "../src/safetensors.ts"
import type { TransformerModel } from "../src/transformer-model.ts"

/** Every tensor of a safetensors file, by name. */
export function readTensors(file: string): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>()
  readSafetensors(file, (entry, data) => values.set(entry.name, data))
  return values
}

/** Tokens in each row of a fixture (`scripts/make-*-fixtures.py`). */
const length = 19

/** A matrix of a fixture by its rows. */
export const rowsOf = (flat: Float32Array): number[][] =>
  Array.from({ length: flat.length / length }, (_, r) => [...flat.subarray(r * length, (r + 1) * length)])

/** Logits of every position of every sequence, one after another. */
export const logitsOf = (model: TransformerModel, ids: readonly number[][]): number[] =>
  ids.flatMap((row) => {
    const logits = forward(model, row)
    const values = [...logits.dataSync()]
    logits.dispose()
    return values
  })
