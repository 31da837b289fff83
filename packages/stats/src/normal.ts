/**
 * The normal distribution, to full double precision in the middle and to about 1e-15 absolute in the tails.
 * Marsaglia's series gives the distribution function; Newton's method inverts it. Invariant: normalQuantile(1 - p) = -normalQuantile(p).
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

/** The z below which a fraction `p` (0 < p < 1) of the standard normal distribution lies. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new Error(`p is ${p}: a quantile needs a probability between 0 and 1.`)
  const mass = Math.abs(p - 0.5)
  // The distribution function is concave above 0, so Newton's steps from 0 climb to the root and never pass it.
  let z = 0
  for (let step = 0; step < 100; step += 1) {
    const next = z + (mass - upperMass(z)) / density(z)
    if (!(next - z > 1e-15)) break
    z = next
  }
  return p < 0.5 ? -z : z
}
