/** Counter-based randomness: every number is a hash of (seed, counter), so no draw depends on any other draw. */

const mix = (a: number, b: number): number => {
  let h = a ^ Math.imul(b, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Two 32-bit words from a seed (number or text). */
export function seedWords(seed: number | string): readonly [number, number] {
  const text = `${seed}`
  let low = 0xdeadbeef
  let high = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    low = Math.imul(low ^ code, 2654435761)
    high = Math.imul(high ^ code, 1597334677)
  }
  return [mix(low, high), mix(high, low ^ 0x632be5ab)]
}

/** A uniform number in [0, 1) with 53 random bits: the `counter`-th of `seed`. */
export function uniform(seed: readonly [number, number], counter: number): number {
  const high = mix(mix(seed[0], counter), seed[1])
  const low = mix(mix(seed[1] ^ 0x9e3779b9, counter), high)
  return ((high >>> 5) * 67108864 + (low >>> 6)) / 9007199254740992
}

/** `count` uniform numbers in [0, 1), the same for the same seed. */
export function uniforms(seed: number | string, count: number): Float32Array<ArrayBuffer> {
  const words = seedWords(seed)
  return Float32Array.from({ length: count }, (_, i) => uniform(words, i))
}

/** `count` standard normal numbers (Box–Muller), the same for the same seed. */
export function normals(seed: number | string, count: number): Float32Array<ArrayBuffer> {
  const words = seedWords(seed)
  const values = new Float32Array(count)
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform(words, i)))
    const angle = 2 * Math.PI * uniform(words, i + 1)
    values[i] = radius * Math.cos(angle)
    if (i + 1 < count) values[i + 1] = radius * Math.sin(angle)
  }
  return values
}
