/**
 * How far a judge can be trusted, measured against an oracle on the same steps.
 * "Positive" means good: a false positive is a bad step the judge calls good, the costly error when verdicts are rewards.
 * Invariant: unscored pairs are counted and left out; a rate over no steps is undefined, never 0.
 */
import { checkPaired } from "./checks.ts"
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

/**
 * Agreement of two raters beyond chance, for any labels compared by identity. Source: Cohen (1960).
 * @returns 1 for perfect agreement, 0 for chance; undefined when both used a single common label (0/0)
 */
export function cohenKappa<Label extends string | number | boolean>(
  a: readonly Label[],
  b: readonly Label[],
): number | undefined {
  checkPaired(a, b)
  const n = a.length
  const agreed = a.filter((label, index) => label === b[index]).length
  const [countsA, countsB] = [countLabels(a), countLabels(b)]
  let byChance = 0
  for (const [label, count] of countsA) byChance += count * (countsB.get(label) ?? 0)
  return byChance === n * n ? undefined : (agreed * n - byChance) / (n * n - byChance)
}

function countLabels<Label>(labels: readonly Label[]): Map<Label, number> {
  const counts = new Map<Label, number>()
  for (const label of labels) {
    if (typeof label === "number" && Number.isNaN(label))
      throw new Error("A label is NaN: leave unlabelled items out first.")
    counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  return counts
}
