/** What run folders say of themselves: settings of stages, trainings, and which trajectories their filters kept. */
import { join, relative, resolve, sep } from "node:path"
import {
  type FilterRecord,
  FilterSchema,
  MetricSchema,
  SelectionSchema,
  TrainingResultSchema,
  TrainingSchema,
} from "@swirl-ts/core"
import { type RunSpec, readDocument, readRecords, readRun } from "@swirl-ts/store"
import { filesIn, foldersIn } from "../find-runs.ts"
import type { ViewerFilter, ViewerRun, ViewerTraining } from "./summary-page.ts"

/** `directory` relative to the report's folder, with slashes. */
const folderOf = (root: string, directory: string): string => relative(root, directory).split(sep).join("/")

export async function viewerRun(root: string, directory: string): Promise<ViewerRun> {
  const record = await readRun(directory)
  const folder = folderOf(root, directory)
  if (!record) return { folder, stages: {} }
  const { id, createdAt, gitRevision, machine, spec, endpoints } = record
  return { folder, id, createdAt, gitRevision, machine, stages: (spec ?? {}) as RunSpec, endpoints }
}

/** The model string that a policy was opened by: as its evaluation says, or the one generation of the folder. */
export function modelOf({ stages }: ViewerRun, policy: string, isEvaluated: boolean): string | undefined {
  const models = Object.entries(stages).flatMap(([stage, { model }]) => {
    const [kind, first] = stage.split("/")
    const isIts = isEvaluated ? kind === "eval" && first === policy : kind === "generate"
    return isIts && typeof model === "string" ? [model] : []
  })
  return new Set(models).size === 1 ? models[0] : undefined
}

/** `at`: the run's number. */
export async function viewerTrainings(root: string, directory: string, at: number): Promise<ViewerTraining[]> {
  const found: ViewerTraining[] = []
  for (const name of await foldersIn(join(directory, "train"))) {
    const folder = join(directory, "train", name)
    const metrics = []
    for await (const metric of readRecords(join(folder, "metrics.jsonl"), MetricSchema, {
      idOf: ({ step }) => String(step),
    }))
      metrics.push(metric)
    const alarms = metrics.flatMap(({ step, alarms }) => alarms.map((alarm) => ({ step, ...alarm })))
    const where = folderOf(root, directory)
    const isNamedSo = where === name || where.endsWith(`/${name}`)
    found.push({
      name: isNamedSo ? where : [where, name].filter(Boolean).join(": "),
      run: at,
      metrics,
      alarms,
      spec: (await readDocument(join(folder, "training.json"), TrainingSchema))?.spec,
      result: await readDocument(join(folder, "result.json"), TrainingResultSchema),
    })
  }
  return found
}

export interface RecordedFilter extends ViewerFilter {
  ids: ReadonlySet<string>
}

/** Of a folder's own filters, and those that its trainings followed, wherever their trajectories lie. */
export async function recordedFilters(runs: readonly string[]): Promise<RecordedFilter[]> {
  const found = new Map<string, RecordedFilter>()
  const add = (directory: string, { schema: _, ids, ...record }: FilterRecord): void => {
    const run = runs.findIndex((each) => resolve(each) === directory)
    const { strategy, judge, madeOver, kept } = record
    const key = JSON.stringify([run, strategy, judge, record.outcomeJudge, madeOver, kept])
    if (run >= 0 && !found.has(key)) found.set(key, { ...record, run, ids: new Set(ids) })
  }
  for (const run of runs) {
    for (const file of await filesIn(join(run, "filters"), ".json")) {
      const record = await readDocument(join(run, "filters", file), FilterSchema)
      if (record) add(resolve(run), record)
    }
    for (const training of await foldersIn(join(run, "train"))) {
      const selection = await readDocument(join(run, "train", training, "selection.json"), SelectionSchema)
      for (const { directory, selection: record } of selection?.folders ?? []) add(resolve(run, directory), record)
    }
  }
  return [...found.values()]
}
