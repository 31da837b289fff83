/** What the training judge says of fresh roll-outs, as a share of their steps. */
import { needsJudge, type Step, type VerdictRecord } from "@swirl-ts/core"

/**
 * Good steps of those that have a score; undefined where the judge calls none good and leaves some of those it is asked about
 * unscored: on questions without siblings a judge that goes by them, alone or beside another, can call steps bad and none good.
 */
export function goodShare(steps: readonly Step[], verdicts: readonly VerdictRecord["verdict"][]): number | undefined {
  const good = verdicts.filter((verdict) => verdict === "good").length
  const isHeldBack = steps.some((step, index) => needsJudge(step) && verdicts[index] === "unscored")
  if (good === 0 && isHeldBack) return undefined
  const scored = verdicts.filter((verdict) => verdict !== "unscored").length
  return scored === 0 ? 0 : good / scored
}
