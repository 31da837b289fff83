/**
 * The names an expression may use, and nothing else: functions with the number of arguments they take, and constants.
 * Invariant: names are looked up in maps, so `constructor` or `__proto__` is as unknown as any other word.
 */
import { divide, finite, modulo, power, round } from "./arithmetic.ts"
import { Refusal } from "./refusal.ts"

export type NamedFunction = { least: number; most: number; apply: (...values: number[]) => number }

export const constants: ReadonlyMap<string, number> = new Map([
  ["pi", Math.PI],
  ["e", Math.E],
  ["tau", 2 * Math.PI],
])

const one = (apply: (value: number) => number): NamedFunction => ({ least: 1, most: 1, apply })
const two = (apply: (a: number, b: number) => number): NamedFunction => ({ least: 2, most: 2, apply })
const many = (apply: (...values: number[]) => number): NamedFunction => ({ least: 1, most: 1000, apply })

export const functions: ReadonlyMap<string, NamedFunction> = new Map([
  ["sqrt", one((x) => Math.sqrt(notNegative(x, "the square root of a negative number")))],
  ["cbrt", one(Math.cbrt)],
  ["abs", one(Math.abs)],
  ["floor", one(Math.floor)],
  ["ceil", one(Math.ceil)],
  ["trunc", one(Math.trunc)],
  ["int", one(Math.trunc)],
  ["float", one((x) => x)],
  ["factorial", one(factorial)],
  ["exp", one((x) => finite(Math.exp(x)))],
  ["ln", one((x) => Math.log(positive(x)))],
  ["log10", one((x) => Math.log10(positive(x)))],
  ["log2", one((x) => Math.log2(positive(x)))],
  ["log", { least: 1, most: 2, apply: logarithm }],
  ["round", { least: 1, most: 2, apply: round }],
  ["sin", one(Math.sin)],
  ["cos", one(Math.cos)],
  ["tan", one(Math.tan)],
  ["asin", one((x) => Math.asin(withinOne(x, "asin")))],
  ["acos", one((x) => Math.acos(withinOne(x, "acos")))],
  ["atan", one(Math.atan)],
  ["atan2", two(Math.atan2)],
  ["sinh", one(Math.sinh)],
  ["cosh", one(Math.cosh)],
  ["tanh", one(Math.tanh)],
  ["degrees", one((x) => x * (180 / Math.PI))],
  ["radians", one((x) => x * (Math.PI / 180))],
  ["pow", two(power)],
  ["mod", two(modulo)],
  ["min", many(Math.min)],
  ["max", many(Math.max)],
  ["sum", many(total)],
  ["mean", many((...values) => divide(total(...values), values.length))],
  ["gcd", many((...values) => Number(values.map(whole).reduce(greatestDivisor, 0n)))],
  ["lcm", many((...values) => Number(values.map(whole).reduce(leastMultiple)))],
])

function total(...values: number[]): number {
  return values.reduce((sum, value) => finite(sum + value), 0)
}

function notNegative(value: number, what: string): number {
  if (value < 0) throw new Refusal(`${what} is complex`)
  return value
}

function positive(value: number): number {
  if (value === 0) throw new Refusal("the logarithm of 0 is not defined")
  return notNegative(value, "the logarithm of a negative number")
}

function withinOne(value: number, name: string): number {
  if (Math.abs(value) > 1)
    throw new Refusal(`${name} takes a number between -1 and 1; of anything else the result is complex`)
  return value
}

function logarithm(value: number, base?: number): number {
  return base === undefined ? Math.log(positive(value)) : divide(Math.log(positive(value)), Math.log(positive(base)))
}

function factorial(value: number): number {
  if (!Number.isInteger(value) || value < 0) throw new Refusal("factorial takes a whole number of at least 0")
  if (value > 170) throw new Refusal("the result is too large: factorial takes at most 170")
  let product = 1n
  for (let i = 2n; i <= value; i += 1n) product *= i
  return Number(product)
}

function whole(value: number): bigint {
  if (!Number.isInteger(value)) throw new Refusal("gcd and lcm take whole numbers")
  return BigInt(Math.abs(value))
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  while (b > 0n) [a, b] = [b, a % b]
  return a
}

function leastMultiple(a: bigint, b: bigint): bigint {
  return a === 0n || b === 0n ? 0n : (a / greatestDivisor(a, b)) * b
}
