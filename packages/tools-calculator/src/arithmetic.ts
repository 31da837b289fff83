/**
 * Python's arithmetic on doubles, where it differs from JavaScript's.
 * Invariant: every result is a finite double; everything else is refused in words.
 */
import { divideHalfEven, fraction, toDouble } from "./exact.ts"
import { Refusal } from "./refusal.ts"

/** Largest whole exponent worked out exactly (interest over 480 months fits); a bound on the work, the rest is left to the C library. */
const EXACT_EXPONENT = 512

export function finite(value: number): number {
  if (Number.isNaN(value)) throw new Refusal("the result is not a number")
  if (!Number.isFinite(value)) throw new Refusal("the result is too large (infinity)")
  return value
}

export function divide(a: number, b: number): number {
  if (b === 0) throw new Refusal("division by zero")
  return finite(a / b)
}

/** `a % b` with the sign of the divisor. */
export function modulo(a: number, b: number): number {
  if (b === 0) throw new Refusal("division by zero")
  const remainder = a % b
  if (remainder === 0) return b < 0 ? -0 : 0
  return remainder < 0 === b < 0 ? remainder : remainder + b
}

/** `a // b`: the quotient rounded towards minus infinity. */
export function floorDivide(a: number, b: number): number {
  const quotient = (a - modulo(a, b)) / b
  if (quotient === 0) return Object.is(a / b, -0) || a / b < 0 ? -0 : 0
  const floor = Math.floor(quotient)
  return finite(quotient - floor > 0.5 ? floor + 1 : floor)
}

export function power(base: number, exponent: number): number {
  if (base === 0 && exponent < 0) throw new Refusal("division by zero (0 to a negative power)")
  if (base < 0 && !Number.isInteger(exponent))
    throw new Refusal("the result is complex (a negative number to a fractional power)")
  const estimate = base ** exponent
  if (base === 0 || !Number.isInteger(exponent) || Math.abs(exponent) > EXACT_EXPONENT) return finite(estimate)
  finite(estimate)
  if (estimate === 0) return estimate
  const { numerator, denominator } = fraction(base)
  const times = BigInt(Math.abs(exponent))
  const [top, bottom] = [numerator ** times, denominator ** times]
  if (exponent >= 0) return finite(toDouble({ numerator: top, denominator: bottom }))
  return finite(
    toDouble(top < 0n ? { numerator: -bottom, denominator: -top } : { numerator: bottom, denominator: top }),
  )
}

/** Rounds to `digits` decimals (negative: tens, hundreds), exact ties to the even neighbour. */
export function round(value: number, digits = 0): number {
  if (!Number.isInteger(digits)) throw new Refusal("round takes a whole number of digits")
  if (digits > 330 || value === 0) return value
  if (digits < -330) return 0
  const { numerator, denominator } = fraction(value)
  const scale = 10n ** BigInt(Math.abs(digits))
  const whole =
    digits >= 0 ? divideHalfEven(numerator * scale, denominator) : divideHalfEven(numerator, denominator * scale)
  if (whole === 0n) return value < 0 ? -0 : 0
  return finite(
    toDouble(digits >= 0 ? { numerator: whole, denominator: scale } : { numerator: whole * scale, denominator: 1n }),
  )
}
