/** Mean and its standard error, the two numbers under every other one here. */
import { checkSample } from "./checks.ts"

/** Arithmetic mean of a non-empty sample of finite numbers. */
export function mean(values: readonly number[]): number {
  checkSample(values, "values")
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

/** Standard error of the mean, from the sample variance (divisor n - 1). Needs two items or more. */
export function standardError(values: readonly number[]): number {
  const centre = mean(values)
  const n = values.length
  if (n < 2) throw new Error("values has 1 item: a standard error needs at least two.")
  let squares = 0
  for (const value of values) squares += (value - centre) ** 2
  return Math.sqrt(squares / (n - 1) / n)
}
