/** Every judge of a report by its number, what it said, and how far it agrees with others and with oracles. */
import { countReason, type Reasons, type VerdictRecord } from "@swirl-ts/core"
import { confusion } from "@swirl-ts/stats"
import type { ReportCalibration } from "../data.ts"
import type { StepVerdict } from "./step-verdict.ts"
import type { ViewerAgreement, ViewerJudge } from "./summary-page.ts"

export interface JudgeBook {
  /** A judge is known from its first verdict on. */
  numberOf(verdict: Pick<VerdictRecord, "judge" | "oracle">): number
  isOracle(judge: number): boolean
  /** All verdicts of one trajectory. */
  count(verdicts: readonly StepVerdict[]): void
  /** Those on steps that a judge has to be asked about; `task` names what was judged. */
  pair(verdicts: readonly StepVerdict[], task: string): void
  judges(): ViewerJudge[]
  calibration(): ReportCalibration[]
  agreements(): ViewerAgreement[]
}

type Verdict = StepVerdict["verdict"]
/** How often the first judge said the one while the second said the other. */
type Table = Record<`${Verdict} ${Verdict}`, number>

/** Reasons that are told of a judge. */
const mostReasons = 12
const longestReason = 200

export function judgeBook(isOracle: (judge: string) => boolean): JudgeBook {
  const judges: (Omit<ViewerJudge, "reasons"> & { reasons: Reasons })[] = []
  const numbers = new Map<string, number>()
  /** By task, and in it by the two judges. */
  const tables = new Map<string, Map<string, Table>>()
  return {
    numberOf({ judge: identity, oracle }) {
      const known = numbers.get(identity)
      if (known !== undefined) return known
      numbers.set(identity, judges.length)
      return (
        judges.push({ identity, oracle: oracle ?? isOracle(identity), good: 0, bad: 0, unscored: 0, reasons: {} }) - 1
      )
    },
    isOracle: (judge) => judges[judge]!.oracle,
    count(verdicts) {
      for (const { judge, verdict, reason } of verdicts) {
        judges[judge]![verdict]++
        if (verdict === "bad") countReason(judges[judge]!.reasons, shortened(reason))
      }
    },
    pair(verdicts, task) {
      const byStep = Map.groupBy(verdicts, ({ step }) => step)
      for (const said of byStep.values()) {
        for (const one of said) {
          for (const other of said) {
            if (one.judge >= other.judge) continue
            const ofTask = tables.get(task) ?? new Map<string, Table>()
            tables.set(task, ofTask)
            const key = `${one.judge} ${other.judge}`
            const table = ofTask.get(key) ?? ({} as Table)
            ofTask.set(key, table)
            const cell = `${one.verdict} ${other.verdict}` as const
            table[cell] = (table[cell] ?? 0) + 1
          }
        }
      }
    },
    judges: () => judges.map((judge) => ({ ...judge, reasons: mostFrequent(judge.reasons) })),
    calibration: () =>
      [...tables].flatMap(([task, pairs]) =>
        [...pairs].flatMap(([key, table]) => calibrationOf(judges, task, key, table)),
      ),
    agreements() {
      const all = new Map<string, ViewerAgreement>()
      for (const pairs of tables.values()) {
        for (const [key, table] of pairs) {
          const [judge = 0, other = 0] = key.split(" ").map(Number)
          const sum = all.get(key) ?? { judge, other, steps: 0, agreed: 0, onlyJudge: 0, onlyOther: 0 }
          all.set(key, sum)
          const of = (cell: keyof Table): number => table[cell] ?? 0
          sum.agreed += of("good good") + of("bad bad")
          sum.onlyJudge += of("good bad")
          sum.onlyOther += of("bad good")
          sum.steps = sum.agreed + sum.onlyJudge + sum.onlyOther
        }
      }
      return [...all.values()].filter(({ steps }) => steps > 0)
    },
  }
}

function calibrationOf(
  judges: readonly { identity: string; oracle: boolean }[],
  task: string,
  key: string,
  table: Table,
): ReportCalibration[] {
  const [first = 0, second = 0] = key.split(" ").map(Number)
  if (judges[first]!.oracle === judges[second]!.oracle) return []
  const isTurned = judges[first]!.oracle
  const pairs = Object.entries(table).flatMap(([cell, count]) => {
    const [one, other] = cell.split(" ") as [Verdict, Verdict]
    return Array.from({ length: count }, () => (isTurned ? ([other, one] as const) : ([one, other] as const)))
  })
  if (!pairs.some(([mine, other]) => mine !== "unscored" && other !== "unscored")) return []
  const { n, unscored, agreement, falsePositiveRate, falseNegativeRate } = confusion(
    pairs.map(([mine]) => mine),
    pairs.map(([, other]) => other),
  )
  const [judge, oracle] = isTurned ? [second, first] : [first, second]
  return [
    {
      judge: judges[judge]!.identity,
      oracle: judges[oracle]!.identity,
      ...(task === "" ? {} : { task }),
      n,
      unscored,
      agreement,
      falsePositiveRate,
      falseNegativeRate,
    },
  ]
}

const shortened = (text: string): string =>
  text.length > longestReason ? `${text.slice(0, longestReason - 1).toWellFormed()}…` : text

function mostFrequent(reasons: Reasons): Reasons {
  const sorted = Object.entries(reasons).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  return Object.fromEntries(sorted.slice(0, mostReasons))
}
