/** One recorded trajectory by its id, with everything that the viewer shows of it. */
import { contentHash, type ImportedRecord, ImportedSchema, SwirlError, type Trajectory } from "@swirl-ts/core"
import { readRecords, runPaths } from "@swirl-ts/store"
import { findRuns } from "../find-runs.ts"
import { readEvaluatedSamples } from "./evaluated-samples.ts"
import { judgeBook } from "./judge-book.ts"
import { type RecordedSource, recordedSources } from "./recorded-sources.ts"
import { readVerdicts } from "./recorded-verdicts.ts"
import { shownTrajectory } from "./shown-trajectory.ts"
import type { ViewerJudge } from "./summary-page.ts"
import type { ViewerTrajectory } from "./trajectories-page.ts"
import type { ViewerOptions } from "./viewer-options.ts"

export interface FoundTrajectory {
  /** The run folder that it is in. */
  directory: string
  stage: RecordedSource["stage"]
  trajectory: ViewerTrajectory
  /** By the numbers that its verdicts have. */
  judges: ViewerJudge[]
}

/** Characters of an id that may stand for it. */
const fewest = 6

/** `id`: of a trajectory, or how one alone begins. Undefined where there is none; a usage error where there are several. */
export async function findTrajectory(
  directory: string,
  id: string,
  options: ViewerOptions = {},
): Promise<FoundTrajectory | undefined> {
  const begun: Place[] = []
  for (const run of await findRuns(directory)) {
    for (const source of await recordedSources(run)) {
      for await (const trajectory of source.trajectories()) {
        if (trajectory.id === id) return shown({ run, source, trajectory }, options)
        const isBeginning = id.length >= fewest && trajectory.id.startsWith(id)
        if (isBeginning && !begun.some((each) => each.trajectory.id === trajectory.id))
          begun.push({ run, source, trajectory })
      }
    }
  }
  if (begun.length > 1) {
    const ids = begun.slice(0, 3).map(({ trajectory }) => trajectory.id)
    throw new SwirlError(
      `${begun.length} trajectories begin with ${id}: ${ids.join(", ")}${begun.length > 3 ? " …" : ""}. Give more of the id.`,
      { kind: "usage" },
    )
  }
  return begun[0] && shown(begun[0], options)
}

interface Place {
  run: string
  source: RecordedSource
  trajectory: Trajectory
}

async function shown({ run, source, trajectory }: Place, options: ViewerOptions): Promise<FoundTrajectory> {
  const { id, benchmark, split, taskId, question } = trajectory
  const book = judgeBook(options.isOracle ?? (() => false))
  const verdicts = source.verdicts === undefined ? undefined : await readVerdicts(source.verdicts, book)
  const samples = await readEvaluatedSamples(run, () => {})
  const imported = await importedRecord(run, id)
  const asked = { benchmark, split, taskId, question, questionHash: contentHash(question) }
  return {
    directory: run,
    stage: imported ? "import" : source.stage,
    trajectory: shownTrajectory(trajectory, {
      key: id,
      group: 0,
      reference: imported?.references ?? (await options.referenceOf?.(run, asked)),
      sample: source.stage === "earlier try" ? undefined : samples.take(id, source.samples),
      imported,
      verdicts: verdicts?.get(id) ?? [],
      turns: options.turnsOf?.(trajectory),
    }),
    judges: book.judges(),
  }
}

async function importedRecord(run: string, id: string): Promise<ImportedRecord | undefined> {
  for await (const record of readRecords(runPaths(run).imported, ImportedSchema)) if (record.id === id) return record
  return undefined
}
