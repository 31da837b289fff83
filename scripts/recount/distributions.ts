/**
 * The few quantiles and tails that a matrix needs, each by other means than @swirl-ts/stats: Simpson's rule, finite series, exact
 * binomials and bisection. Invariant: within 1e-11 of the truth for the samples of a matrix.
 */
import { ratio } from "./exact.ts"

/** The root of an increasing function. */
function bisect(increasing: (x: number) => number, low: number, high: number): number {
  let [from, to] = [low, high]
  for (let step = 0; step < 200; step++) {
    const middle = (from + to) / 2
    if (middle === from || middle === to) break
    if (increasing(middle) < 0) from = middle
    else to = middle
  }
  return (from + to) / 2
}

const remembered = <Key extends string | number>(compute: (key: Key) => number): ((key: Key) => number) => {
  const known = new Map<Key, number>()
  return (key) => {
    const value = known.get(key) ?? compute(key)
    known.set(key, value)
    return value
  }
}

/** z with a mass of `p` below it, p above one half: the density summed by Simpson's rule. */
export const normalQuantile = remembered((p: number) => {
  const panels = 2000
  const above = (z: number): number => {
    let total = 0
    for (let i = 0; i <= panels; i++) {
      const weight = i === 0 || i === panels ? 1 : i % 2 === 1 ? 4 : 2
      total += weight * Math.exp(-(((z * i) / panels) ** 2) / 2)
    }
    return (total * z) / panels / 3 / Math.sqrt(2 * Math.PI)
  }
  return bisect((z) => above(z) - (p - 0.5), 0, 40)
})

/** P(|T| <= tan(angle) sqrt(degrees)), a finite series for whole degrees of freedom [Abramowitz & Stegun 26.7.3, 26.7.4]. */
function studentMiddle(angle: number, degrees: number): number {
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)]
  const isOdd = degrees % 2 === 1
  let term = isOdd ? cosine : 1
  let sum = 0
  for (let k = isOdd ? 3 : 2; k <= degrees; k += 2) {
    sum += term
    term *= (cosine * cosine * (k - 1)) / k
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum
}

/** The t that 95 % of the middle lies within. */
export const studentReach = remembered((degrees: number) => {
  const angle = bisect((each) => studentMiddle(each, degrees) - 0.95, 0, Math.PI / 2)
  return Math.tan(angle) * Math.sqrt(degrees)
})

/**
 * The ratio of two mean squares that half of all such lie below: x / (1 - x) of the beta distribution with x = sin^2, whose
 * density over the angle is summed by Simpson's rule up to the middle of its whole sum.
 */
export const fisherMedian = (above: number, below: number): number => median(`${above}/${below}`)

const median = remembered((degrees: string) => {
  const [above, below] = degrees.split("/").map(Number) as [number, number]
  const logDensity = (angle: number): number =>
    (above - 1) * Math.log(Math.sin(angle)) + (below - 1) * Math.log(Math.cos(angle))
  const highest = logDensity(Math.atan(Math.sqrt(Math.max(1e-12, above - 1) / below)))
  const mass = (end: number): number => {
    const panels = 20_000
    let total = 0
    for (let i = 0; i <= panels; i++) {
      const angle = Math.min(Math.max((end * i) / panels, 1e-300), Math.PI / 2 - 1e-15)
      const weight = i === 0 || i === panels ? 1 : i % 2 === 1 ? 4 : 2
      total += weight * Math.exp(logDensity(angle) - highest)
    }
    return (total * end) / panels / 3
  }
  // Beyond this the density is nothing that could be seen.
  const far = Math.min(Math.PI / 2, 12 * Math.sqrt((above + 10) / below))
  const whole = mass(far)
  const angle = bisect((end) => mass(end) - whole / 2, 0, far)
  return Math.tan(angle) ** 2 * (below / above)
})

/** P(|T| >= |t|). */
export function studentTwoSided(t: number, degrees: number): number {
  if (!Number.isFinite(t)) return 0
  return 1 - studentMiddle(Math.atan(Math.abs(t) / Math.sqrt(degrees)), degrees)
}

/** McNemar's mid-p: twice the chance of fewer heads than the smaller count in fair tosses, and once that of as many, in whole numbers. */
export function midP(one: number, other: number): number {
  const tosses = one + other
  const fewer = Math.min(one, other)
  if (tosses === 0) return 1
  let [ways, below] = [1n, 0n]
  for (let k = 0; k < fewer; k++) {
    below += ways
    ways = (ways * BigInt(tosses - k)) / BigInt(k + 1)
  }
  // Where both sides are equally many, the two tails share their middle, and it is half of what is left.
  const extreme = 2n * below + ways
  const all = 1n << BigInt(tosses)
  return one === other ? 1 - ratio(ways, 2n * all) : ratio(extreme < all ? extreme : all, all)
}

/** What share may be of a kind that none of `n` is: the upper end of Clopper and Pearson's interval of none, in closed form. */
export const unseen = (n: number): number => 1 - 0.025 ** (1 / n)

/**
 * The largest difference of two paired shares that a score test does not reject at .05 (Tango), `up` pairs being better and
 * `down` worse: the share of the worse ones that is likeliest where the shares differ by so much is found by the slope of the
 * likelihood, and the difference by the distance from z.
 */
export function scoreReach(up: number, down: number, n: number): number {
  const z = normalQuantile(0.975)
  const seen = (up - down) / n
  const slope = (worse: number, difference: number): number =>
    (up > 0 ? up / (worse + difference) : 0) +
    (down > 0 ? down / worse : 0) -
    (n > up + down ? (2 * (n - up - down)) / (1 - 2 * worse - difference) : 0)
  const beyond = (difference: number): number => {
    const worse = bisect((share) => -slope(share, difference), Math.max(0, -difference), (1 - difference) / 2)
    const error = Math.sqrt((2 * worse + difference * (1 - difference)) / n)
    return difference - seen - z * error
  }
  return seen === 1 ? 1 : bisect(beyond, seen, 1)
}

/** Wilson's interval as what it is: the shares p that lie within z standard errors, those of p itself, of the share seen. */
export function wilson(right: number, n: number): [number, number] {
  const z = normalQuantile(0.975)
  const seen = right / n
  const low = (successes: number): number => {
    const share = successes / n
    return successes === 0 ? 0 : bisect((p) => z * Math.sqrt((p * (1 - p)) / n) - (share - p), 0, share)
  }
  return [Math.min(seen, low(right)), Math.max(seen, 1 - low(n - right))]
}
