/** Two policies over the same questions of one cell: each question falls into one set, over all its epochs. */
import type { SampleGroup } from "../../src/viewer/summary-page.ts"
import { cellOf, type Run } from "./run.ts"

export const pairSets = ["worse", "better", "both right", "both wrong", "other", "unpaired"] as const
export type PairSet = (typeof pairSets)[number]

export interface Pair {
  question: number
  /** Numbers of samples; undefined where the side has none with a score. */
  a?: number
  b?: number
  set: PairSet
}

/** Policies that were scored in a cell, by their labels: what others are compared with comes first, then as the rows of the matrix are. */
export function scoredPolicies(run: Run, cell: string): string[] {
  const { groups, comparisons } = run.summary
  const first = new Set(comparisons.map(({ against }) => groups[against]))
  const scored = groups.filter((group) => cellOf(run, group) === cell && isScored(group))
  const inOrder = scored.toSorted(
    (a, b) => Number(first.has(b)) - Number(first.has(a)) || (a.row ?? groups.length) - (b.row ?? groups.length),
  )
  return [...new Set(inOrder.map(({ label }) => label))]
}

const isScored = ({ right, wrong, partly, stage }: SampleGroup): boolean =>
  right + wrong + partly > 0 && stage !== "earlier try"

/** Cells that two policies or more have scores in. */
export const sharedCells = (run: Run): string[] =>
  run.summary.cells.map(({ name }) => name).filter((cell) => scoredPolicies(run, cell).length > 1)

interface Side {
  sample: number
  sum: number
  n: number
}

export function pairsOf(run: Run, cell: string, a: string, b: string): Pair[] {
  const [ofA, ofB] = [sideOf(run, cell, a), sideOf(run, cell, b)]
  return [...new Set([...ofA.keys(), ...ofB.keys()])].map((question) => {
    const [one, other] = [ofA.get(question), ofB.get(question)]
    return { question, a: one?.sample, b: other?.sample, set: setOf(one, other) }
  })
}

function sideOf(run: Run, cell: string, label: string): Map<number, Side> {
  const { samples, summary } = run
  const isOfSide = summary.groups.map(
    (group) => group.label === label && cellOf(run, group) === cell && group.stage !== "earlier try",
  )
  const sides = new Map<number, Side>()
  for (let sample = 0; sample < samples.count; sample++) {
    const score = samples.score[sample]!
    if (!isOfSide[samples.group[sample]!] || Number.isNaN(score)) continue
    const question = samples.question[sample]!
    const side = sides.get(question)
    if (!side) sides.set(question, { sample, sum: score, n: 1 })
    else {
      side.sum += score
      side.n++
    }
  }
  return sides
}

function setOf(a: Side | undefined, b: Side | undefined): PairSet {
  if (!a || !b) return "unpaired"
  const [x, y] = [a.sum / a.n, b.sum / b.n]
  if (y < x) return "worse"
  if (y > x) return "better"
  return x === 1 ? "both right" : x === 0 ? "both wrong" : "other"
}
