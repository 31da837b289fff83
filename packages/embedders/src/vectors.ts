/** Vectors as the contract wants them: of one length in numbers, finite, and of length 1. */
import { SwirlError } from "@swirl-ts/core"
import { mapInParallel } from "@swirl-ts/kit"

/** Scales to length 1, in place; a vector of zeros stays. */
export function normalise(vector: Float32Array): Float32Array {
  let squares = 0
  for (const value of vector) squares += value * value
  const length = Math.sqrt(squares)
  if (length > 0) for (let i = 0; i < vector.length; i++) vector[i]! /= length
  return vector
}

/** Throws where an embedder gives vectors of another size than before. */
export function checkSize(identity: string, found: number, expected: number): void {
  if (found === expected) return
  throw new SwirlError(
    `The embedder ${identity} gave a vector of ${found} numbers where it gave ${expected} before. If another model stands ` +
      "behind this name now, delete the folders `indexes` and `embeddings` of the cache, or use another name.",
  )
}

/** Calls `run` on slices of `size` items, `width` at once, and joins the results in order. */
export async function inBatches<Item>(
  items: readonly Item[],
  size: number,
  width: number,
  run: (batch: readonly Item[]) => Promise<Float32Array[]>,
): Promise<Float32Array[]> {
  const starts = Array.from({ length: Math.ceil(items.length / size) }, (_, batch) => batch * size)
  return (await mapInParallel(starts, width, (start) => run(items.slice(start, start + size)))).flat()
}
