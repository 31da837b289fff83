/**
 * How far a judge can be trusted: its verdicts against those of a judge that knows better, on the same steps.
 * Steps only one of them saw are counted and left out; so are unscored ones.
 */
import { firstLine, SwirlError, type VerdictRecord } from "@swirl-ts/core"
import { type Confusion, confusion, type Interval, kappaInterval } from "@swirl-ts/stats"

export interface Calibration extends Confusion {
  judge: string
  oracle: string
  /** Steps that only one of the two has a verdict for. */
  unmatched: number
  /** 95 % interval of `kappa`; absent where kappa is. */
  kappaInterval?: Interval
}

/** Agreement, false-positive and false-negative rate with 95 % Wilson intervals, and Cohen's kappa with its own. The last verdict on a step counts. */
export function agreement(
  judgeVerdicts: Iterable<VerdictRecord>,
  oracleVerdicts: Iterable<VerdictRecord>,
): Calibration {
  const judge = byStep(judgeVerdicts, "judge")
  const oracle = byStep(oracleVerdicts, "oracle")
  const shared = [...judge.verdicts.keys()].filter((step) => oracle.verdicts.has(step))
  if (shared.length === 0) {
    throw new SwirlError(
      `Calibration of ${judge.identity} against ${oracle.identity}: they have no step in common. Judge the same trajectories with both.`,
    )
  }
  const ours = shared.map((step) => judge.verdicts.get(step)!)
  const theirs = shared.map((step) => oracle.verdicts.get(step)!)
  const pairs = ours.flatMap((verdict, index) =>
    verdict === "unscored" || theirs[index] === "unscored" ? [] : [[verdict, theirs[index]!] as const],
  )
  if (pairs.length === 0) {
    const side = theirs.every((verdict) => verdict === "unscored") ? oracle : judge
    throw new SwirlError(
      `Calibration of ${judge.identity} against ${oracle.identity}: nothing to compare, none of the ${shared.length} steps they share is scored by both. ${side.identity} says: ${side.reason}`,
    )
  }
  const kappa = kappaInterval(
    pairs.map(([verdict]) => verdict),
    pairs.map(([, verdict]) => verdict),
  )
  return {
    judge: judge.identity,
    oracle: oracle.identity,
    unmatched: judge.verdicts.size + oracle.verdicts.size - 2 * shared.length,
    ...confusion(ours, theirs),
    kappaInterval: kappa?.ci,
  }
}

function byStep(records: Iterable<VerdictRecord>, role: string) {
  const verdicts = new Map<string, VerdictRecord["verdict"]>()
  let identity: string | undefined
  let reason = "that it is unsure of other steps than the other"
  for (const record of records) {
    identity ??= record.judge
    if (record.judge !== identity) {
      throw new SwirlError(
        `Calibration: the ${role}'s verdicts are from two judges, ${identity} and ${record.judge}. Give those of one.`,
      )
    }
    if (record.verdict === "unscored") reason = firstLine(record.reason)
    verdicts.set(`${record.trajectoryId} ${record.step}`, record.verdict)
  }
  if (identity === undefined)
    throw new SwirlError(`Calibration: the ${role} has no verdicts. Run \`swirl judge\` first.`)
  return { identity, verdicts, reason }
}
