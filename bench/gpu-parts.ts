/** What the parts of `npm run bench -- gpu` say to each other, and when a number of the GPU counts as the CPU's. */

/** Where a part runs. */
export interface Started {
  device: "gpu" | "cpu"
  tensorflow: string
}

/** Numbers that both devices compute: one list of a check, `of` what where it has several. */
export interface Checked {
  check: string
  of?: string
  numbers: number[]
}

export interface Measured {
  what: string
  value: number
  unit: string
}

export type Found = Started | Checked | Measured

export interface Comparison {
  check: string
  /** Largest difference, relative to the CPU's largest number of the same list; of tokens, the share that differs. */
  difference: number
  /** The list that differs most, where a check has several. */
  worst?: string
  allowed: number
  holds: boolean
}

/**
 * f32 sums in another order differ by some 1e-6; a product in TF32 is off by 1e-4 and more, so it is found. bf16 keeps eight bits,
 * and what was rounded differently goes through every layer behind it. What comes after an update has gone through Adam,
 * which divides gradients by their own size.
 */
const allowed: readonly [name: RegExp, f32: number, bf16: number][] = [
  [/^product/, 1e-5, 1e-2],
  [/^log-probabilities after/, 1e-3, 5e-2],
  [/^log-probabilities/, 1e-4, 2e-2],
  [/^gradient/, 1e-3, 1e-1],
  [/^greedy tokens/, 0, 0],
]

/** One comparison a check, of the list that differs most. A list that the GPU did not compute differs infinitely. */
export function compare(gpu: readonly Checked[], cpu: readonly Checked[]): Comparison[] {
  const key = ({ check, of = "" }: Checked): string => `${check} ${of}`
  const found = new Map(gpu.map((each) => [key(each), each.numbers]))
  const comparisons = new Map<string, Comparison>()
  for (const each of cpu) {
    const { check, of, numbers } = each
    const difference = distance(check, found.get(key(each)) ?? [], numbers)
    const known = comparisons.get(check)
    if (known !== undefined && known.difference >= difference) continue
    const [, f32, bf16] = allowed.find(([name]) => name.test(check))!
    const most = / bf16$/.test(check) ? bf16 : f32
    comparisons.set(check, { check, difference, worst: of, allowed: most, holds: difference <= most })
  }
  return [...comparisons.values()]
}

function distance(check: string, actual: readonly number[], expected: readonly number[]): number {
  if (actual.length !== expected.length || actual.some(Number.isNaN)) return Number.POSITIVE_INFINITY
  if (check === "greedy tokens") return actual.filter((id, i) => id !== expected[i]).length / expected.length
  const largest = (numbers: readonly number[]): number => numbers.reduce((most, n) => Math.max(most, Math.abs(n)), 0)
  return largest(actual.map((value, i) => value - expected[i]!)) / Math.max(largest(expected), 1e-30)
}
