/**
 * Whether the statistics are right: every function against SciPy's and statsmodels' values, with the largest difference, and
 * every interval in a simulation whose truth is known: how often a 95 % interval holds it.
 *
 *   npm run stats:check [-- --runs 4000]
 */
import { readFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { random } from "@swirl-ts/core"
import {
  bcaInterval,
  clopperPearsonInterval,
  clusterBootstrap,
  clusteredMeanInterval,
  type Interval,
  meanInterval,
  pairedComparison,
  pairedMeanInterval,
  passAtK,
  scoreInterval,
  stratifiedTwoWayInterval,
  twoWayBootstrap,
  twoWayMeanInterval,
  wilsonInterval,
} from "@swirl-ts/stats"
import { largestDifference, type ReferenceCase } from "../packages/stats/test/reference.ts"

const { values } = parseArgs({ options: { runs: { type: "string", default: "2000" } } })
const runs = Number(values.runs)
const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const { made, cases } = JSON.parse(readFileSync("packages/stats/fixtures/reference.json", "utf8")) as {
  made: Record<string, string>
  cases: ReferenceCase[]
}
say(
  `against ${Object.entries(made)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ")}`,
)
let wrong = 0
for (const [name, group] of Object.entries(Object.groupBy(cases, ({ statistic }) => statistic))) {
  const worst = group!.map((each) => ({ difference: largestDifference(each), allowed: each.tolerance }))
  const exact = worst.filter(({ allowed }) => allowed <= 1e-6)
  const resampled = worst.filter(({ allowed }) => allowed > 1e-6)
  const largest = (some: typeof worst): string => Math.max(...some.map(({ difference }) => difference)).toExponential(1)
  const parts = [
    exact.length > 0 ? `${exact.length} values, largest difference ${largest(exact)}` : "",
    resampled.length > 0 ? `${resampled.length} resampled, ${largest(resampled)}` : "",
  ]
  const bad = worst.filter(({ difference, allowed }) => !(difference <= allowed)).length
  wrong += bad
  say(`  ${bad === 0 ? "ok   " : "WRONG"} ${name}: ${parts.filter(Boolean).join("; ")}`)
}

const draw = random(20261128)
const uniform = (): number => draw.next()
const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
const logistic = (x: number): number => 1 / (1 + Math.exp(-x))
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))
const hit = (rate: number): number => Number(uniform() < rate)
/** The mean of a function of a standard normal number. */
function normalMean(of: (z: number) => number): number {
  let [sum, weights] = [0, 0]
  for (let z = -8; z <= 8; z += 0.001) {
    const weight = Math.exp((-z * z) / 2)
    sum += weight * of(z)
    weights += weight
  }
  return sum / weights
}
const meanRate = (a: number, b: number): number => normalMean((z) => logistic(a + b * z))

/** One drawing: the true value, and the interval made of what was drawn. */
interface Simulation {
  name: string
  once(): [truth: number, interval: Interval]
  /** Intervals that promise at least 95 % may hold more. */
  atLeast?: true
}

const spread = 1.5
const questions = (count: number): number[] => times(count, () => spread * normal())
const resampling = { resamples: 1000 }
const scores = (count: number): number[] => times(count, () => uniform() ** 2)
const epochs = (count: number, each: number, ease = 0.4): [values: number[], clusters: number[]] => {
  const rates = questions(count).map((own) => logistic(ease + own))
  const clusters = rates.flatMap((_, question) => times(each, () => question))
  return [clusters.map((question) => hit(rates[question]!)), clusters]
}
const bySeed = (seeds: number, count: number): number[][] => {
  const hard = questions(count)
  const skill = times(seeds, () => 0.5 * normal())
  return skill.map((own) => hard.map((difficulty) => hit(logistic(0.4 + difficulty + own))))
}
/** A seed is better at one set than at the other, and at both together: the truth is the mean of the two rates. */
const bySeedAndCell = (seeds: number, counts: readonly number[]): number[][][] => {
  const skill = times(seeds, () => 0.4 * normal())
  return counts.map((count) => {
    const hard = questions(count)
    return skill.map((own) => {
      const here = own + 0.3 * normal()
      return hard.map((difficulty) => hit(logistic(0.4 + difficulty + here)))
    })
  })
}
const rateOfSeeds = meanRate(0.4, Math.hypot(spread, 0.5))
const [before, after] = [0.2, 0.5]
const paired = (count: number): [number[], number[]] => {
  const hard = questions(count)
  return [hard.map((h) => hit(logistic(before + h))), hard.map((h) => hit(logistic(after + h)))]
}
/** Right/wrong scores of which this share was lost and three times as much won, and by how much the second is better. */
const nearlyEqual = (count: number, lost: number): [number, number[], number[]] => {
  const pairs = times(count, () => {
    const [x, before] = [uniform(), hit(0.6)]
    return x < lost ? [1, 0] : x < 4 * lost ? [0, 1] : [before, before]
  })
  return [2 * lost, pairs.map(([a]) => a!), pairs.map(([, b]) => b!)]
}
/** The chance that one of two tries is right, over questions. */
const passAtTwo = 1 - normalMean((z) => (1 - logistic(0.4 + spread * z)) ** 2)
const rateOfAll = meanRate(0.4, spread)
const almostAll = meanRate(5, spread)
const changeOfAll = meanRate(after, spread) - meanRate(before, spread)

const simulations: Simulation[] = [
  {
    name: "wilsonInterval, 300 questions, rates .05 to .95",
    once: () => {
      const rate = 0.05 + 0.9 * uniform()
      return [rate, wilsonInterval(total(times(300, () => hit(rate))), 300)]
    },
  },
  {
    name: "clopperPearsonInterval, 60 questions, the same rates",
    atLeast: true,
    once: () => {
      const rate = 0.05 + 0.9 * uniform()
      return [rate, clopperPearsonInterval(total(times(60, () => hit(rate))), 60)]
    },
  },
  { name: "meanInterval of scores in [0, 1], 100 questions", once: () => [1 / 3, meanInterval(scores(100)).ci] },
  { name: "bcaInterval of the same", once: () => [1 / 3, bcaInterval(scores(100), resampling).ci] },
  {
    name: "pairedComparison (bootstrap), 300 questions",
    once: () => [changeOfAll, pairedComparison(...paired(300), resampling).change.ci],
  },
  ...[30, 300].map((count): Simulation => {
    const lost = 1 / count
    return {
      name: `pairedComparison (four of ${count} differ on average: mostly Tango's)`,
      // So few results are possible that none of them lies near the level.
      atLeast: true,
      once: () => {
        const [truth, a, b] = nearlyEqual(count, lost)
        return [truth, pairedComparison(a, b, resampling).change.ci]
      },
    }
  }),
  {
    name: "pairedMeanInterval (t), 300 questions",
    once: () => [changeOfAll, pairedMeanInterval(...paired(300)).ci],
  },
  {
    name: "clusteredMeanInterval, 25 questions x 8",
    once: () => [rateOfAll, clusteredMeanInterval(...epochs(25, 8)).ci],
  },
  {
    name: "clusteredMeanInterval, 300 questions x 4",
    once: () => [rateOfAll, clusteredMeanInterval(...epochs(300, 4)).ci],
  },
  {
    name: "scoreInterval, 25 questions x 8",
    atLeast: true,
    once: () => [rateOfAll, scoreInterval(...epochs(25, 8)).ci],
  },
  {
    name: "scoreInterval, 10 questions x 3, almost all right",
    atLeast: true,
    once: () => [almostAll, scoreInterval(...epochs(10, 3, 5)).ci],
  },
  {
    name: "clusterBootstrap, 300 questions x 4",
    once: () => [rateOfAll, clusterBootstrap(...epochs(300, 4), resampling).ci],
  },
  {
    name: "meanInterval of pass@2, 100 questions x 8",
    once: () => {
      const right = questions(100).map((own) => total(times(8, () => hit(logistic(0.4 + own)))))
      return [passAtTwo, meanInterval(right.map((count) => passAtK(8, count, 2))).ci]
    },
  },
  {
    name: "meanInterval over 5 seeds, the questions given",
    once: () => [0, meanInterval(times(5, () => normal())).ci],
  },
  {
    name: "twoWayMeanInterval, 3 seeds x 100 questions",
    once: () => [rateOfSeeds, twoWayMeanInterval(bySeed(3, 100)).ci],
  },
  {
    name: "twoWayMeanInterval, 5 seeds x 300 questions",
    once: () => [rateOfSeeds, twoWayMeanInterval(bySeed(5, 300)).ci],
  },
  {
    name: "stratifiedTwoWayInterval, 3 seeds x (100 + 40 questions)",
    once: () => [
      rateOfSeeds,
      stratifiedTwoWayInterval(bySeedAndCell(3, [100, 40]).map((values) => ({ values, weight: 1 }))).ci,
    ],
  },
  {
    name: "stratifiedTwoWayInterval, 5 seeds x (300 + 300 + 60 questions)",
    once: () => [
      rateOfSeeds,
      stratifiedTwoWayInterval(bySeedAndCell(5, [300, 300, 60]).map((values) => ({ values, weight: 1 }))).ci,
    ],
  },
  {
    name: "twoWayBootstrap, 20 seeds x 100 questions",
    // Drawn by seeds and by questions the variance of what is neither is counted three times: Owen (2007), Annals of Applied Statistics 1:386.
    atLeast: true,
    once: () => [rateOfSeeds, twoWayBootstrap(bySeed(20, 100), { resamples: 400 }).ci],
  },
  {
    name: "a mistake, to see that this can fail: 25 x 8 taken for 200 questions",
    once: () => [rateOfAll, wilsonInterval(total(epochs(25, 8)[0]), 200)],
  },
]

function total(some: readonly number[]): number {
  return some.reduce((sum, each) => sum + each, 0)
}

say(
  `coverage of 95 % intervals, ${runs} runs each (Monte-Carlo error ${(196 * Math.sqrt((0.95 * 0.05) / runs)).toFixed(1)} points)`,
)
for (const { name, once, atLeast } of simulations) {
  let held = 0
  for (let run = 0; run < runs; run++) {
    const [truth, [low, high]] = once()
    if (low <= truth && truth <= high) held++
  }
  const share = held / runs
  const error = 1.96 * Math.sqrt((0.95 * 0.05) / runs)
  const verdict = Math.abs(share - 0.95) <= error ? "within" : share < 0.95 ? "below" : atLeast ? "at least" : "above"
  say(`  ${(100 * share).toFixed(1).padStart(5)} %  ${verdict.padEnd(8)} ${name}`)
}
process.exitCode = wrong === 0 ? 0 : 1
