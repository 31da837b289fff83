/**
 * Which trajectories are shown: the same ones every time, whatever order they were written in. Each kind keeps those
 * with the smallest hash of their id, so nothing grows with the run, and kinds take turns until the limit is reached.
 */
import { contentHash, type Trajectory } from "@swirl-ts/core"
import type { Tally } from "./verdict-book.ts"

/** In the order in which they take turns: what the judge got wrong comes first. */
const kinds = ["judge fooled", "right", "wrong", "judged good", "judged bad", "not judged"] as const
export type SampleKind = (typeof kinds)[number]

export interface Candidate {
  trajectory: Trajectory
  correct?: boolean
  kind: SampleKind
}

export function sampleKind(correct: boolean | undefined, tally: Tally | undefined): SampleKind {
  const allGood = tally !== undefined && tally.good > 0 && tally.bad === 0
  if (correct === true) return "right"
  if (correct === false) return allGood ? "judge fooled" : "wrong"
  return tally === undefined ? "not judged" : allGood ? "judged good" : "judged bad"
}

export function samplePicker(limit: number) {
  const kept = new Map<SampleKind, { hash: string; candidate: Candidate }[]>(kinds.map((kind) => [kind, []]))
  return {
    add(candidate: Candidate): void {
      const list = kept.get(candidate.kind)!
      const hash = contentHash(candidate.trajectory.id)
      if (list.length >= limit && hash >= list.at(-1)!.hash) return
      list.push({ hash, candidate })
      list.sort((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0))
      if (list.length > limit) list.pop()
    },
    picked(): Candidate[] {
      const chosen: Candidate[] = []
      for (let turn = 0; turn < limit; turn++) {
        for (const kind of kinds) {
          const next = kept.get(kind)![turn]
          if (next && chosen.length < limit) chosen.push(next.candidate)
        }
      }
      return chosen.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind))
    },
  }
}
