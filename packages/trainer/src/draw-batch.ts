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

/**
 * Indices of the states of batch `iteration` where whole trajectories are drawn: `trajectories` holds each one's states.
 * `each` of its states at most, without replacement, in the order of the trajectory; `size` states a batch at most.
 */
export function drawTrajectories(
  trajectories: readonly { weight: number; states: readonly number[] }[],
  { size, each, seed, iteration }: { size: number; each: number; seed: number; iteration: number },
): number[] {
  const weights = trajectories.map(({ weight }) => weight)
  const drawn = drawBatch(weights, Math.max(1, Math.floor(size / each)), seed, iteration)
  const source = random(seedFrom(seed, "states of trajectories", iteration))
  return drawn.flatMap((index) => {
    const { states } = trajectories[index]!
    const places = source.shuffle(states.map((_, place) => place)).slice(0, each)
    return places.sort((a, b) => a - b).map((place) => states[place]!)
  })
}
