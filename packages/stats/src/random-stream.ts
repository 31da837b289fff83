/**
 * Randomness as a function: the number at (seed, stream, index), never a shared state to advance.
 * Invariant: same arguments, same number, whatever else was drawn before. Not for secrets.
 */

const GOLDEN = 0x9e3779b9

/** A 32-bit key for one stream of a seed. Seeds beyond 32 bits keep all their bits. */
export function streamKey(seed: number, stream: number): number {
  if (!Number.isSafeInteger(seed)) throw new Error(`seed is ${seed}: it must be a whole number.`)
  const high = Math.floor(seed / 2 ** 32)
  return scramble(scramble(scramble(seed + GOLDEN) ^ high) ^ stream)
}

/** An unsigned 32-bit number at `index` of the stream with this key. */
export function randomAt(key: number, index: number): number {
  return scramble(key + Math.imul(index + 1, GOLDEN))
}

/** A bijection of 32-bit numbers in which every input bit moves about half of the output bits. */
function scramble(value: number): number {
  let x = value >>> 0
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return (x ^ (x >>> 16)) >>> 0
}
