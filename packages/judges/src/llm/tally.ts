/**
 * Counts votes. Invariant: a verdict needs more than half of the votes asked for to be readable and one word ahead;
 * otherwise it is unscored, with the reason in its first line.
 */
import type { JudgeVerdict } from "@swirl-ts/core"
import type { VerdictWords } from "./last-verdict.ts"
import type { Poll } from "./poll.ts"

/** `majority`: good or bad, a tie is unscored. `mean`: also the share of votes, and a tie is bad with score 0.5. */
export function tallyVerdict(
  { votes, usage }: Poll,
  [positive]: VerdictWords,
  aggregate: "majority" | "mean",
): JudgeVerdict {
  const cast = votes.filter((vote) => vote.word !== undefined)
  if (cast.length * 2 <= votes.length) {
    const why = votes.find((vote) => vote.word === undefined)!.text
    const reason = votes.length === 1 ? why : `only ${cast.length} of ${votes.length} votes can be read: ${why}`
    return { verdict: "unscored", reason, usage }
  }
  const share = cast.filter((vote) => vote.word === positive).length / cast.length
  const score = aggregate === "mean" ? share : undefined
  if (share === 0.5) {
    const reason = `the ${cast.length} votes are tied`
    return { verdict: aggregate === "mean" ? "bad" : "unscored", score, reason, usage }
  }
  const winning = cast.filter((vote) => (vote.word === positive) === share > 0.5)
  const { word, text } = winning[0]!
  const reason = votes.length === 1 ? text : `${winning.length} of ${votes.length} votes: ${word}\n${text}`
  return { verdict: share > 0.5 ? "good" : "bad", score, reason, usage }
}
