/**
 * What the functions here refuse, in one place.
 * Invariant: a statistic is never computed from an empty sample, a NaN or two samples of unequal length; the caller gets a sentence instead.
 */

export function checkSample(values: readonly number[], what: string): void {
  if (values.length === 0) throw new Error(`${what} is empty: a statistic needs at least one item.`)
  values.forEach((value, index) => {
    if (!Number.isFinite(value))
      throw new Error(
        `${what}[${index}] is ${value}: only finite numbers can be compared; leave unscored items out first.`,
      )
  })
}

export function checkPaired(a: readonly unknown[], b: readonly unknown[], nameA = "a", nameB = "b"): void {
  if (a.length !== b.length)
    throw new Error(
      `${nameA} has ${a.length} items and ${nameB} has ${b.length}: a paired statistic needs the same items in the same order.`,
    )
  if (a.length === 0) throw new Error(`${nameA} and ${nameB} are empty: a statistic needs at least one item.`)
}

export function checkCount(value: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new Error(`${what} is ${value}: it must be a whole number of at least 0.`)
}

export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1))
    throw new Error(`level is ${level}: a confidence level lies between 0 and 1, such as 0.95.`)
}

export function checkTrials(successes: number, n: number): void {
  checkCount(successes, "successes")
  checkCount(n, "n")
  if (n === 0) throw new Error("n is 0: an interval needs at least one trial.")
  if (successes > n)
    throw new Error(`successes is ${successes} of n = ${n}: there cannot be more successes than trials.`)
}

/** The same questions for every seed, `values[seed][question]`; how many they are. */
export function checkTable(values: readonly (readonly number[])[]): { seeds: number; questions: number } {
  const questions = values[0]?.length ?? 0
  values.forEach((row, seed) => {
    checkSample(row, `values[${seed}]`)
    if (row.length !== questions)
      throw new Error(
        `values[${seed}] has ${row.length} questions and values[0] has ${questions}: all seeds need the same.`,
      )
  })
  return { seeds: values.length, questions }
}
