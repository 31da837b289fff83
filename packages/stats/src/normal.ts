/**
 * The normal distribution, to about 1e-15 in the middle and as much of the value itself in the tails.
 * Marsaglia's series gives the distribution function, beyond 3 Laplace's continued fraction; Newton's method inverts it. Invariant: normalQuantile(1 - p) = -normalQuantile(p).
 */

function upperMass(z: number): number {
  // Phi(z) - 1/2 = phi(z) * (z + z^3/3 + z^5/(3*5) + ...)   [Marsaglia 2004, J. Stat. Software 11(4)]
  let term = z
  let sum = z
  for (let k = 3; Math.abs(term) > sum * 1e-17; k += 2) {
    term *= (z * z) / k
    sum += term
  }
  return density(z) * sum
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
}

/** Q(z) = 1 - Phi(z) for z >= 3, by phi(z) / (z + 1 / (z + 2 / (z + …)))   [DLMF 7.9.3] */
function upperTail(z: number): number {
  let fraction = z
  for (let k = 200; k >= 1; k -= 1) fraction = z + k / fraction
  return density(z) / fraction
}

/** The mass of the standard normal distribution below `z`. */
export function normalDistribution(z: number): number {
  if (Math.abs(z) >= 3) return z < 0 ? upperTail(-z) : 1 - upperTail(z)
  return 0.5 + upperMass(Math.abs(z)) * Math.sign(z)
}

/** The z below which a fraction `p` (0 < p < 1) of the standard normal distribution lies. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new Error(`p is ${p}: a quantile needs a probability between 0 and 1.`)
  const tail = Math.min(p, 1 - p)
  const z = tail < 1e-3 ? farQuantile(tail) : nearQuantile(Math.abs(p - 0.5))
  return p < 0.5 ? -z : z
}

/** The distribution function is concave above 0, so Newton's steps from 0 climb to the root and never pass it. */
function nearQuantile(mass: number): number {
  let z = 0
  for (let step = 0; step < 100; step += 1) {
    const next = z + (mass - upperMass(z)) / density(z)
    if (!(next - z > 1e-15)) break
    z = next
  }
  return z
}

/** Newton's steps on log Q, which is concave, too. */
function farQuantile(tail: number): number {
  let z = 3
  for (let step = 0; step < 100; step += 1) {
    const upper = upperTail(z)
    const next = z + (upper * Math.log(upper / tail)) / density(z)
    if (Math.abs(next - z) <= 1e-15 * z) return next
    z = Math.max(3, next)
  }
  return z
}
