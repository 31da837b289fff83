/**
 * What the trajectories of one question agree on: the answer that most of them give, and the results on the way of those
 * that give it. Nothing is known of who is right. The order of the trajectories makes no difference.
 */
import type { Sibling } from "@swirl-ts/core"
import type { Keys } from "./keys.ts"

export interface Agreement {
  /** Key of the answer. */
  answer: string
  votes: number
  /** All that voted. */
  of: number
  /** Keys of the results of who gives it. */
  results: ReadonlySet<string>
  /** A call of theirs returned the answer itself: it was computed, not guessed. */
  computed: boolean
}

/** Or why there is none, as a clause: the most frequent answer needs `agree` votes, and more than any other. */
export function agreementOf(siblings: readonly Sibling[], agree: number, keys: Keys): Agreement | string {
  const votes = new Map<string, Sibling[]>()
  for (const sibling of siblings) {
    const key = sibling.answer === undefined ? undefined : keys.ofAnswer(sibling.answer)
    if (key !== undefined) votes.set(key, [...(votes.get(key) ?? []), sibling])
  }
  const [first, second] = [...votes].sort(([, a], [, b]) => b.length - a.length)
  if (!first || first[1].length < agree) return `fewer than ${agree} trajectories of the question agree on an answer`
  const [answer, agreeing] = first
  if (second?.[1].length === agreeing.length) return "two answers to the question have the most votes"
  const results = agreeing.flatMap((sibling) => sibling.results)
  return {
    answer,
    votes: agreeing.length,
    of: [...votes.values()].flat().length,
    results: new Set(results.flatMap(({ tool, text }) => keys.ofResult(tool, text))),
    computed: results.some(({ text }) => keys.ofAnswer(text) === answer),
  }
}
