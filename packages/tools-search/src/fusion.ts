/**
 * Reciprocal rank fusion: a passage scores the sum, over the rankings that hold it, of weight / (constant + rank), ranks
 * from 1. Equal scores stay in corpus order. Source: Cormack, Clarke, Büttcher (SIGIR 2009), whose constant is 60.
 */
import { BestHits, type Hit } from "./hits.ts"

export interface Ranking {
  hits: readonly Hit[]
  weight: number
}

/** The best `count` of all rankings together; rankings of weight 0 do not count. */
export function fuse(rankings: readonly Ranking[], count: number, constant: number): Hit[] {
  const scores = new Map<number, number>()
  for (const { hits, weight } of rankings) {
    if (weight === 0) continue
    hits.forEach(({ index }, place) => {
      scores.set(index, (scores.get(index) ?? 0) + weight / (constant + place + 1))
    })
  }
  const best = new BestHits(count)
  for (const [index, score] of [...scores].sort(([a], [b]) => a - b)) best.offer(index, score)
  return best.hits
}
