/**
 * Exact arithmetic on doubles: every double is a whole number of 2^-1074, so that sums and sums of squares are whole numbers,
 * and nothing is rounded before the last division. Invariant: the order of what is added decides nothing.
 */

const scale = 1074

/** A double as a whole number of 2^-1074. */
export function exact(value: number): bigint {
  if (!Number.isFinite(value)) throw new Error(`${value} is no number that can be added`)
  let [whole, doublings] = [value, 0]
  for (; !Number.isInteger(whole); doublings++) whole *= 2
  return BigInt(whole) << BigInt(scale - doublings)
}

export const sumOf = (values: readonly number[]): bigint => values.reduce((total, value) => total + exact(value), 0n)

/** `numerator / denominator` as a double, whatever the size of the two. */
export function ratio(numerator: bigint, denominator: bigint): number {
  if (numerator < 0n) return -ratio(-numerator, denominator)
  const bits = (value: bigint): number => value.toString(2).length
  const shift = BigInt(Math.max(0, 64 + bits(denominator) - bits(numerator)))
  let quotient = (numerator << shift) / denominator
  let exponent = -Number(shift)
  for (; bits(quotient) > 1000; exponent += 64) quotient >>= 64n
  return Number(quotient) * 2 ** exponent
}

/** Of a numerator that is a sum of exact numbers. */
export const ratioOfSums = (numerator: bigint, denominator: bigint): number =>
  ratio(numerator, denominator << BigInt(scale))

export const meanOf = (values: readonly number[]): number => ratioOfSums(sumOf(values), BigInt(values.length))

/** Of a numerator that is a sum of products of two exact numbers. */
export const ratioOfSquares = (numerator: bigint, denominator: bigint): number =>
  ratio(numerator, denominator << BigInt(2 * scale))
