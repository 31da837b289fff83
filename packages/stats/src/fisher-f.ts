/** Fisher's F distribution, by the beta distribution. */
import { betaQuantile } from "./beta.ts"

/** The ratio of two mean squares, with `above` and `below` degrees of freedom, below which a mass p (0 < p < 1) lies. */
export function fisherQuantile(p: number, above: number, below: number): number {
  const x = betaQuantile(p, above / 2, below / 2)
  return (below * x) / (above * (1 - x))
}
