/** Verdicts of one file by trajectory, and what judges said of each other's steps. A reason that many steps have is held once. */
import { needsJudge, rewardOf, type Trajectory, VerdictSchema } from "@swirl-ts/core"
import { readRecords } from "@swirl-ts/store"
import type { JudgeBook } from "./judge-book.ts"
import type { StepVerdict } from "./step-verdict.ts"

/** By trajectory. Of two verdicts of one judge on one step the last one counts. */
export type VerdictsById = ReadonlyMap<string, readonly StepVerdict[]>

export async function readVerdicts(path: string, book: JudgeBook): Promise<VerdictsById> {
  const byId = new Map<string, StepVerdict[]>()
  const reasons = new Map<string, string>()
  for await (const record of readRecords(path, VerdictSchema)) {
    const { trajectoryId, step, verdict, score } = record
    const judge = book.numberOf(record)
    const reason = reasons.get(record.reason) ?? record.reason
    reasons.set(reason, reason)
    const said: StepVerdict = { step, judge, verdict, ...(score === undefined ? {} : { score }), reason }
    const verdicts = byId.get(trajectoryId) ?? []
    byId.set(trajectoryId, verdicts)
    const before = verdicts.findIndex((each) => each.step === step && each.judge === judge)
    if (before >= 0) verdicts[before] = said
    else verdicts.push(said)
  }
  return byId
}

/** What verdicts come to for one trajectory. */
export interface VerdictTally {
  good: number
  bad: number
  unscored: number
  /** Steps on which two judges differ. */
  disputed: number
  /** Mean reward; null without a verdict. */
  reward: number | null
}

/** Of judges that are no oracles; of oracles where there are no others. */
export function tallied(verdicts: readonly StepVerdict[], isOracle: (judge: number) => boolean): VerdictTally {
  const own = verdicts.filter(({ judge }) => !isOracle(judge))
  const counted = own.length > 0 ? own : verdicts
  const tally: VerdictTally = { good: 0, bad: 0, unscored: 0, disputed: disputed(verdicts), reward: null }
  const rewards: number[] = []
  for (const each of counted) {
    tally[each.verdict]++
    const reward = rewardOf(each)
    if (reward !== undefined) rewards.push(reward)
  }
  if (rewards.length > 0) tally.reward = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length
  return tally
}

function disputed(verdicts: readonly StepVerdict[]): number {
  const good = new Set<number>()
  const bad = new Set<number>()
  for (const { step, verdict } of verdicts) {
    if (verdict === "good") good.add(step)
    if (verdict === "bad") bad.add(step)
  }
  return [...good].filter((step) => bad.has(step)).length
}

/** Verdicts on steps that a judge has to be asked about: the others are bad without asking, and would flatter every judge. */
export const askedVerdicts = ({ steps }: Trajectory, verdicts: readonly StepVerdict[]): readonly StepVerdict[] =>
  verdicts.filter(({ step }) => steps[step] !== undefined && needsJudge(steps[step]))
