/**
 * Exact rational arithmetic on doubles, rounded once at the end (half to even), so that `1.05 ** 10` and `round(2.675, 2)` print as in Python.
 * Invariant: `toDouble(fraction(x)) === x` for every finite x.
 */
export type Fraction = { numerator: bigint; denominator: bigint }

const bits = new DataView(new ArrayBuffer(8))

/** The exact value of a finite double. */
export function fraction(value: number): Fraction {
  bits.setFloat64(0, value)
  const word = bits.getBigUint64(0)
  const exponentField = Number((word >> 52n) & 0x7ffn)
  const stored = word & 0xfffffffffffffn
  const magnitude = exponentField === 0 ? stored : stored | (1n << 52n)
  const numerator = word >> 63n ? -magnitude : magnitude
  const shift = Math.max(exponentField, 1) - 1075
  return shift >= 0
    ? { numerator: numerator << BigInt(shift), denominator: 1n }
    : { numerator, denominator: 1n << BigInt(-shift) }
}

/** The nearest double of a fraction with a positive denominator; ties go to the even one, overflow to infinity. */
export function toDouble({ numerator, denominator }: Fraction): number {
  if (numerator < 0n) return -toDouble({ numerator: -numerator, denominator })
  if (numerator === 0n) return 0
  // Scale so that the quotient has exactly 53 bits, or fewer where the result is subnormal.
  let exponent = bitLength(numerator) - bitLength(denominator) - 53
  if (scaled(numerator, denominator, exponent) >> 53n) exponent += 1
  exponent = Math.max(exponent, -1074)
  const [top, bottom] =
    exponent >= 0 ? [numerator, denominator << BigInt(exponent)] : [numerator << BigInt(-exponent), denominator]
  const quotient = divideHalfEven(top, bottom)
  return exponent > 971 ? Number.POSITIVE_INFINITY : scale(Number(quotient), exponent)
}

/** Quotient of two integers, denominator positive, rounded to the nearest integer, ties to even. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  if (numerator < 0n) return -divideHalfEven(-numerator, denominator)
  const quotient = numerator / denominator
  const twice = 2n * (numerator - quotient * denominator)
  return twice > denominator || (twice === denominator && quotient & 1n) ? quotient + 1n : quotient
}

function scaled(numerator: bigint, denominator: bigint, exponent: number): bigint {
  return exponent >= 0 ? numerator / (denominator << BigInt(exponent)) : (numerator << BigInt(-exponent)) / denominator
}

function bitLength(value: bigint): number {
  const hex = value.toString(16)
  return hex.length * 4 - Math.clz32(Number.parseInt(hex[0]!, 16)) + 28
}

/** value * 2^exponent for results that are exact; in two steps, since 2^-1074 alone is the smallest double. */
function scale(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2)
  return value * 2 ** half * 2 ** (exponent - half)
}
