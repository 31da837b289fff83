/**
 * Which items a batch holds: a function of (seed, iteration) alone, so that a resumed run needs no stream.
 * An epoch is the fewest whole batches in which every item of mean weight comes up once. Within it each item is drawn
 * floor or ceiling of its expected number of times (systematic sampling), in random order.
 */
import { random, seedFrom } from "@swirl-ts/core"

/** Indices of the items of batch `iteration` (from 0); an item may come up more than once. Weights sum to 1. */
export function drawBatch(weights: readonly number[], size: number, seed: number, iteration: number): number[] {
  const batches = Math.max(1, Math.ceil(weights.length / size))
  const epoch = Math.floor(iteration / batches)
  const source = random(seedFrom(seed, "batches", epoch))
  const order = source.shuffle(weights.map((_, index) => index))
  const draws = batches * size
  const offset = source.next()
  const drawn: number[] = []
  let reached = 0
  for (const index of order) {
    reached += weights[index]! * draws
    while (drawn.length < draws && drawn.length + offset < reached) drawn.push(index)
  }
  // Rounding of the last cumulative weight may leave one position open.
  while (drawn.length < draws) drawn.push(order[order.length - 1]!)
  const place = iteration % batches
  return source.shuffle(drawn).slice(place * size, (place + 1) * size)
}
