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

type Verdict = "good" | "bad" | "unscored"

/** `isOracle` tells by a judge's identity whether it knows the answers. */
export async function readVerdictBook(
  directory: string,
  isOracle: (judge: string) => boolean,
  task?: string,
): Promise<VerdictBook> {
  const judges = new Map<string, Map<string, Verdict>>()
  const own = new Map<string, Tally>()
  const oracles = new Map<string, Tally>()
  const total: Tally = { good: 0, bad: 0, unscored: 0 }
  for await (const { judge, trajectoryId, step, verdict } of readRecords(runPaths(directory).verdicts, VerdictSchema)) {
    const steps = judges.get(judge) ?? new Map<string, Verdict>()
    judges.set(judge, steps.set(`${trajectoryId} ${step}`, verdict))
    const tallies = isOracle(judge) ? oracles : own
    const tally = tallies.get(trajectoryId) ?? { good: 0, bad: 0, unscored: 0 }
    tally[verdict]++
    tallies.set(trajectoryId, tally)
    total[verdict]++
  }
  const compared = [...judges.keys()].some(isOracle) && [...judges.keys()].some((judge) => !isOracle(judge))
  if (compared) {
    const unasked = await unaskedSteps(directory)
    for (const steps of judges.values()) for (const step of unasked) steps.delete(step)
  }
  return { tallies: own.size > 0 ? own : oracles, total, calibration: calibrations(judges, isOracle, task) }
}

/** Malformed and cut-off steps are bad without asking, and would flatter every judge. */
async function unaskedSteps(directory: string): Promise<string[]> {
  const unasked: string[] = []
  for await (const { id, steps } of readRecords(runPaths(directory).trajectories, TrajectorySchema))
    for (const [index, step] of steps.entries()) if (!needsJudge(step)) unasked.push(`${id} ${index}`)
  return unasked
}

function calibrations(
  judges: ReadonlyMap<string, ReadonlyMap<string, Verdict>>,
  isOracle: (judge: string) => boolean,
  task?: string,
): ReportCalibration[] {
  const names = [...judges.keys()].sort()
  return names
    .filter((judge) => !isOracle(judge))
    .flatMap((judge) =>
      names.filter(isOracle).flatMap((oracle) => {
        const theirs = judges.get(oracle)!
        const pairs = [...judges.get(judge)!].flatMap(([step, ours]) => {
          const other = theirs.get(step)
          return other === undefined ? [] : [[ours, other] as const]
        })
        if (!pairs.some(([ours, other]) => ours !== "unscored" && other !== "unscored")) return []
        const found = confusion(
          pairs.map(([ours]) => ours),
          pairs.map(([, other]) => other),
        )
        const { n, unscored, agreement, falsePositiveRate, falseNegativeRate } = found
        return [
          {
            judge,
            oracle,
            task,
            n,
            unscored,
            agreement,
            falsePositiveRate,
            falseNegativeRate,
          },
        ]
      }),
    )
}
