/**
 * A solution as a chain: each number of each calculation traced to where it is from, the question's digits, an earlier
 * result or a constant. Invariant: with the question's own numbers the chain gives its own results. What cannot be traced
 * for certain is left out, with the reason.
 */
import Fraction from "fraction.js"
import { type Gsm8kRecord, notesOf } from "../record.ts"
import { type Calculation, readCalculation, workOut } from "./calculation.ts"
import { constantsOf, keyOf } from "./constants.ts"
import { type Mention, mentionsIn } from "./mentions.ts"

export const reasons = {
  none: "no calculation is annotated",
  unread: "a calculation is no plain arithmetic",
  notItsResult: "a calculation does not give the result noted (it is rounded or wrong)",
  notLast: "the answer is not the last result",
  untraced: "a number of a calculation is neither the question's nor a result",
  ambiguous: "a number of a calculation could be from two places",
  unused: "a number of the question is in no calculation",
  unfinished: "a result goes into no later one: something was chosen by it, or done in words",
  nothing: "all its numbers are fixed: percentages, dates, divisors and the like",
  noNumbers: "no larger numbers were found that keep its results whole, positive and exact",
} as const
export type Reason = keyof typeof reasons

/** Of a number in a calculation: one of the question's by its key, results by their places, or itself. */
type Origin = { number: string } | { results: readonly number[] } | "constant"

export interface Step {
  calculation: Calculation
  origins: readonly Origin[]
  /** What each part of it comes to, the result last. */
  parts: readonly Fraction[]
}

export interface Chain {
  mentions: readonly Mention[]
  steps: readonly Step[]
  /** Those that may be others, by key. */
  free: readonly string[]
}

/** A number this small that is used more often than it is written may be from elsewhere: 3 apples, for 3 people named. */
const largestCount = 12

export function traceChain({ question, answer }: Gsm8kRecord, gold: string): Chain | Reason {
  const notes = notesOf(answer)
  if (notes.length === 0) return "none"
  const mentions = mentionsIn(question)
  const counts = Map.groupBy(
    mentions.filter(({ isCount }) => isCount),
    ({ value }) => keyOf(value),
  )
  const constants = new Set([
    ...constantsOf(question),
    ...mentions.filter(({ isCount }) => !isCount).map(({ value }) => keyOf(value)),
  ])
  const steps: Step[] = []
  const uses = new Map<string, number>()
  const usedResults = new Set<number>()
  const divisors = new Set<string>()
  for (const note of notes) {
    const calculation = readCalculation(note.query)
    const noted = numberOf(note.value)
    if (!calculation || !noted) return "unread"
    const parts = workOut(
      calculation,
      calculation.numbers.map(({ value }) => value),
    )
    if (!parts?.at(-1)?.equals(noted)) return "notItsResult"
    const origins: Origin[] = []
    for (const { value, divides } of calculation.numbers) {
      const key = keyOf(value)
      const results = steps.flatMap((step, place) => (step.parts.at(-1)!.equals(value) ? [place] : []))
      const possible = [counts.has(key), constants.has(key), results.length > 0].filter(Boolean).length
      if (possible === 0) return "untraced"
      if (possible > 1) return "ambiguous"
      for (const place of results) usedResults.add(place)
      origins.push(results.length > 0 ? { results } : counts.has(key) ? { number: key } : "constant")
      if (!counts.has(key)) continue
      uses.set(key, (uses.get(key) ?? 0) + 1)
      if (divides) divisors.add(key)
    }
    steps.push({ calculation, origins, parts })
  }
  if (
    !steps
      .at(-1)!
      .parts.at(-1)!
      .equals(numberOf(gold) ?? new Fraction(0))
  )
    return "notLast"
  if (usedResults.size < steps.length - 1) return "unfinished"
  for (const [key, mentioned] of counts) {
    const used = uses.get(key) ?? 0
    if (used === 0) return "unused"
    if (used > mentioned.length && Number(mentioned[0]!.value) <= largestCount) return "ambiguous"
  }
  const free = [...counts.keys()].filter((key) => !divisors.has(key))
  return free.length === 0 ? "nothing" : { mentions, steps, free }
}

function numberOf(text: string): Fraction | undefined {
  const plain = text.replace(/[$,\s]/g, "")
  return /^-?(?:\d+(?:\.\d+)?|\.\d+)$/.test(plain) ? new Fraction(plain) : undefined
}
