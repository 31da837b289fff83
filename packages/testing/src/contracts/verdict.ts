/** What every judge gives, whatever it judges. */
import type { JudgeVerdict } from "@swirl-ts/core"
import { fail } from "../checks/check.ts"
import { shown } from "../data/shown.ts"

export function assertVerdict(verdict: JudgeVerdict, of: string): void {
  const { verdict: word, reason, score } = verdict ?? {}
  if (!["good", "bad", "unscored"].includes(word)) {
    fail(
      `its verdict on ${of} is ${shown(verdict)}. It has to be { verdict: "good", "bad" or "unscored", reason: text }.`,
    )
  }
  if (typeof reason !== "string" || reason.trim() === "") fail(`its verdict on ${of} has no reason.`)
  if (score === undefined) return
  if (!Number.isFinite(score) || score < 0 || score > 1) fail(`its score of ${of} is ${score}, not a number in [0, 1].`)
  if (word === "unscored") fail(`its verdict on ${of} is unscored and has the score ${score}; unscored has none.`)
}
