/**
 * Scores of several runs (training seeds) on several tasks, `scores[task][run]`, in two numbers that a lucky run does not move
 * much. Invariant: runs are drawn within their task (stratified). Source: Agarwal et al. (2021), arXiv 2108.13264 (rliable).
 */
import { type Draw, percentileInterval, type ResamplingOptions, resampled } from "./bootstrap.ts"
import { checkSample } from "./checks.ts"
import { mean } from "./mean.ts"
import type { Estimate } from "./wilson.ts"

/** Mean of the middle half of all `scores[task][run]` together. */
export function interquartileMean(scores: readonly (readonly number[])[]): number {
  const all = scores.flat().sort((x, y) => x - y)
  checkSample(all, "scores")
  const cut = Math.floor(all.length / 4)
  return mean(all.slice(cut, all.length - cut))
}

/** Its interval, runs drawn within each task (stratified), as rliable does. */
export function interquartileMeanInterval(
  scores: readonly (readonly number[])[],
  options: ResamplingOptions = {},
): Estimate {
  const statistic = (draw: Draw): number =>
    interquartileMean(scores.map((runs) => draw(runs.length, runs.length).map((run) => runs[run]!)))
  return percentileInterval(interquartileMean(scores), resampled(statistic, options))
}

/** Over tasks, the mean chance that a run of `b` is better than one of `a`; equal ones count half. */
export function probabilityOfImprovement(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  if (a.length !== b.length) throw new Error(`a has ${a.length} tasks and b has ${b.length}: both need the same tasks.`)
  return mean(a.map((runs, task) => improvementShare(runs, b[task]!)))
}

/** Its interval, runs drawn within each task and system. */
export function probabilityOfImprovementInterval(
  a: readonly (readonly number[])[],
  b: readonly (readonly number[])[],
  options: ResamplingOptions = {},
): Estimate {
  const value = probabilityOfImprovement(a, b)
  const statistic = (draw: Draw): number => {
    const drawn = (runs: readonly number[]): number[] => draw(runs.length, runs.length).map((run) => runs[run]!)
    return mean(a.map((runs, task) => improvementShare(drawn(runs), drawn(b[task]!))))
  }
  return percentileInterval(value, resampled(statistic, options))
}

function improvementShare(a: readonly number[], b: readonly number[]): number {
  let wins = 0
  for (const from of a) for (const to of b) wins += to > from ? 1 : to === from ? 0.5 : 0
  return wins / (a.length * b.length)
}
