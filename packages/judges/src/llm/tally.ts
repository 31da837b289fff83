/**
 * Counts votes. Invariant: a verdict needs more than half of the votes asked for to be readable and one word ahead;
 * otherwise it is unscored, with the reason in its first line.
 */
import type { JudgeVerdict } from "@swirl-ts/core"
import type { VerdictWords } from "./last-verdict.ts"
import type { Poll } from "./poll.ts"

export interface Tally {
  /** The word with more votes. */
  word?: string
  /** Share of the readable votes for the first word; absent where too few can be read. */
  share?: number
  reason: string
}

export function tally({ votes }: Poll, [positive]: VerdictWords): Tally {
  const cast = votes.filter((vote) => vote.word !== undefined)
  if (cast.length * 2 <= votes.length) {
    const why = votes.find((vote) => vote.word === undefined)!.text
    return { reason: votes.length === 1 ? why : `only ${cast.length} of ${votes.length} votes can be read: ${why}` }
  }
  const share = cast.filter((vote) => vote.word === positive).length / cast.length
  if (share === 0.5) return { share, reason: `the ${cast.length} votes are tied` }
  const word = share > 0.5 ? positive : cast.find((vote) => vote.word !== positive)!.word!
  const winning = cast.filter((vote) => vote.word === word)
  const [first] = winning
  return {
    word,
    share,
    reason: votes.length === 1 ? first!.text : `${winning.length} of ${votes.length} votes: ${word}\n${first!.text}`,
  }
}

/** `majority`: good or bad, a tie is unscored. `mean`: also the share of votes, and a tie is bad with score 0.5. */
export function tallyVerdict(poll: Poll, words: VerdictWords, aggregate: "majority" | "mean"): JudgeVerdict {
  const { word, share, reason } = tally(poll, words)
  const { usage } = poll
  if (share === undefined || (word === undefined && aggregate === "majority")) {
    return { verdict: "unscored", reason, usage }
  }
  return {
    verdict: word === words[0] ? "good" : "bad",
    ...(aggregate === "mean" ? { score: share } : {}),
    reason,
    usage,
  }
}
