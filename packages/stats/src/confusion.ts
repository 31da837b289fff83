/**
 * How far a judge can be trusted, measured against an oracle on the same steps.
 * "Positive" means good: a false positive is a bad step the judge calls good, the costly error when verdicts are rewards.
 * Invariant: unscored pairs are counted and left out; a rate over no steps is undefined, never 0.
 */
import { checkPaired } from "./checks.ts"
import { cohenKappa } from "./kappa.ts"
import { type Estimate, wilsonInterval } from "./wilson.ts"

export type JudgedVerdict = boolean | "good" | "bad" | "unscored"
/** `count` of `n` with a Wilson interval. */
export interface Rate extends Estimate {
  count: number
  n: number
}

export interface Confusion {
  /** pairs in which both gave a verdict */
  n: number
  unscored: number
  truePositives: number
  falsePositives: number
  trueNegatives: number
  falseNegatives: number
  agreement: Rate
  /** of the steps the oracle calls bad, those the judge calls good; undefined without bad steps */
  falsePositiveRate: Rate | undefined
  /** of the steps the oracle calls good, those the judge calls bad; undefined without good steps */
  falseNegativeRate: Rate | undefined
  /** Cohen's kappa; undefined where chance alone would always agree */
  kappa: number | undefined
}

/** Confusion table and error rates of a judge against an oracle, paired by position. */
export function confusion(
  judgeVerdicts: readonly JudgedVerdict[],
  oracleVerdicts: readonly JudgedVerdict[],
  { level = 0.95 }: { level?: number } = {},
): Confusion {
  checkPaired(judgeVerdicts, oracleVerdicts, "judgeVerdicts", "oracleVerdicts")
  const pairs = judgeVerdicts
    .map((verdict, index) => ({
      judge: isGood(verdict, `judgeVerdicts[${index}]`),
      oracle: isGood(oracleVerdicts[index]!, `oracleVerdicts[${index}]`),
    }))
    .filter(({ judge, oracle }) => judge !== undefined && oracle !== undefined)
  const n = pairs.length
  if (n === 0) throw new Error("Every pair is unscored: agreement needs at least one step that both judged.")
  const count = (judge: boolean, oracle: boolean) =>
    pairs.filter((pair) => pair.judge === judge && pair.oracle === oracle).length
  const [truePositives, falsePositives] = [count(true, true), count(true, false)]
  const [trueNegatives, falseNegatives] = [count(false, false), count(false, true)]
  const rate = (hits: number, of: number): Rate => ({
    value: hits / of,
    ci: wilsonInterval(hits, of, level),
    count: hits,
    n: of,
  })
  const bad = falsePositives + trueNegatives
  const good = truePositives + falseNegatives
  return {
    n,
    unscored: judgeVerdicts.length - n,
    truePositives,
    falsePositives,
    trueNegatives,
    falseNegatives,
    agreement: rate(truePositives + trueNegatives, n),
    falsePositiveRate: bad > 0 ? rate(falsePositives, bad) : undefined,
    falseNegativeRate: good > 0 ? rate(falseNegatives, good) : undefined,
    kappa: cohenKappa(
      pairs.map((pair) => pair.judge!),
      pairs.map((pair) => pair.oracle!),
    ),
  }
}

function isGood(verdict: JudgedVerdict, where: string): boolean | undefined {
  if (typeof verdict === "boolean") return verdict
  if (verdict === "good") return true
  if (verdict === "bad") return false
  if (verdict === "unscored") return undefined
  throw new Error(`${where} is ${JSON.stringify(verdict)}: a verdict is "good", "bad", "unscored", true or false.`)
}
