/** Verdicts of a run, read once: a tally a trajectory, and what two judges said about the same steps. */
import { needsJudge, TrajectorySchema, VerdictSchema } from "@swirl-ts/core"
import { confusion } from "@swirl-ts/stats"
import { readRecords, runPaths } from "@swirl-ts/store"
import type { ReportCalibration } from "./data.ts"

export interface Tally {
  good: number
  bad: number
  unscored: number
}

export interface VerdictBook {
  /** By trajectory id, of judges that are no oracles (of oracles where there are no others). */
  tallies: Map<string, Tally>
  total: Tally
  calibration: ReportCalibration[]
}

interface JudgeSteps {
  oracle: boolean
  /** By trajectory and step; the last verdict counts. */
  steps: Map<string, "good" | "bad" | "unscored">
}

/** Whether a judge knows the answers is said by its verdicts; `isOracle` is asked where they do not say so. */
export async function readVerdictBook(
  directory: string,
  isOracle: (judge: string) => boolean,
  task?: string,
): Promise<VerdictBook> {
  const judges = new Map<string, JudgeSteps>()
  const own = new Map<string, Tally>()
  const oracles = new Map<string, Tally>()
  const total: Tally = { good: 0, bad: 0, unscored: 0 }
  for await (const record of readRecords(runPaths(directory).verdicts, VerdictSchema)) {
    const { judge: name, trajectoryId, step, verdict } = record
    const judge = judges.get(name) ?? { oracle: record.oracle ?? isOracle(name), steps: new Map() }
    judges.set(name, judge)
    judge.steps.set(`${trajectoryId} ${step}`, verdict)
    const tallies = judge.oracle ? oracles : own
    const tally = tallies.get(trajectoryId) ?? { good: 0, bad: 0, unscored: 0 }
    tally[verdict]++
    tallies.set(trajectoryId, tally)
    total[verdict]++
  }
  const seats = [...judges.values()]
  if (seats.some(({ oracle }) => oracle) && seats.some(({ oracle }) => !oracle)) {
    const unasked = await unaskedSteps(directory)
    for (const { steps } of seats) for (const step of unasked) steps.delete(step)
  }
  return { tallies: own.size > 0 ? own : oracles, total, calibration: calibrations(judges, task) }
}

/** Malformed and cut-off steps are bad without asking, and would flatter every judge. */
async function unaskedSteps(directory: string): Promise<string[]> {
  const unasked: string[] = []
  for await (const { id, steps } of readRecords(runPaths(directory).trajectories, TrajectorySchema))
    for (const [index, step] of steps.entries()) if (!needsJudge(step)) unasked.push(`${id} ${index}`)
  return unasked
}

function calibrations(judges: ReadonlyMap<string, JudgeSteps>, task?: string): ReportCalibration[] {
  const sorted = [...judges].sort(([a], [b]) => (a < b ? -1 : 1))
  return sorted
    .filter(([, { oracle }]) => !oracle)
    .flatMap(([judge, ours]) =>
      sorted
        .filter(([, { oracle }]) => oracle)
        .flatMap(([oracle, theirs]) => {
          const pairs = [...ours.steps].flatMap(([step, mine]) => {
            const other = theirs.steps.get(step)
            return other === undefined ? [] : [[mine, other] as const]
          })
          if (!pairs.some(([mine, other]) => mine !== "unscored" && other !== "unscored")) return []
          const { n, unscored, agreement, falsePositiveRate, falseNegativeRate } = confusion(
            pairs.map(([mine]) => mine),
            pairs.map(([, other]) => other),
          )
          return [{ judge, oracle, task, n, unscored, agreement, falsePositiveRate, falseNegativeRate }]
        }),
    )
}
