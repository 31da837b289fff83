/**
 * p-values of one family (one table), corrected for being many. Invariant: order is kept, nothing gets smaller, nothing exceeds 1,
 * and a smaller p never gets a larger correction than a larger one.
 * Sources: Holm (1979), Scand. J. Stat. 6:65-70 (family-wise); Benjamini & Hochberg (1995), JRSS B 57:289-300 (false discoveries).
 */

/** Holm's correction: the chance of one false alarm in the whole family stays below the level. */
export function holm(p: readonly number[]): number[] {
  const order = ascending(p)
  const corrected = new Array<number>(p.length)
  let largest = 0
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (p.length - rank) * p[index]!))
    corrected[index] = largest
  })
  return corrected
}

/** Benjamini and Hochberg's: the expected share of false alarms among what is called a find stays below the level. */
export function benjaminiHochberg(p: readonly number[]): number[] {
  const corrected = new Array<number>(p.length)
  let smallest = 1
  ascending(p)
    .reverse()
    .forEach((index, rank) => {
      smallest = Math.min(smallest, (p.length / (p.length - rank)) * p[index]!)
      corrected[index] = smallest
    })
  return corrected
}

function ascending(p: readonly number[]): number[] {
  p.forEach((value, index) => {
    if (!(value >= 0 && value <= 1)) throw new Error(`p[${index}] is ${value}: a p-value lies between 0 and 1.`)
  })
  return p.map((_, index) => index).sort((x, y) => p[x]! - p[y]!)
}
