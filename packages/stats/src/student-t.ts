/** Student's t distribution, by the beta distribution. Invariant: symmetric about 0; quantile and distribution are inverse. */
import { betaDistribution, betaQuantile } from "./beta.ts"

/** P(T <= t) with `degrees` of freedom (> 0, not necessarily whole). */
export function studentDistribution(t: number, degrees: number): number {
  const tail = betaDistribution(degrees / (degrees + t * t), degrees / 2, 0.5) / 2
  return t > 0 ? 1 - tail : tail
}

/** P(|T| >= |t|). */
export const studentTwoSided = (t: number, degrees: number): number =>
  betaDistribution(degrees / (degrees + t * t), degrees / 2, 0.5)

/** The t below which a mass p (0 < p < 1) lies. */
export function studentQuantile(p: number, degrees: number): number {
  if (p === 0.5) return 0
  const tail = Math.min(p, 1 - p)
  // Of x and 1 - x the smaller one is found, so that neither end loses digits.
  const x = tail < 0.25 ? betaQuantile(2 * tail, degrees / 2, 0.5) : 1 - betaQuantile(1 - 2 * tail, 0.5, degrees / 2)
  const rest = tail < 0.25 ? 1 - x : betaQuantile(1 - 2 * tail, 0.5, degrees / 2)
  const t = Math.sqrt((degrees * rest) / x)
  return p < 0.5 ? -t : t
}
