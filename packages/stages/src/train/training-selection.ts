/**
 * What a training trains on: the kept trajectories of one or more run folders. The selections that it began with stand in
 * `train/<name>/selection.json`, and it goes on with those, whatever is filtered afterwards.
 */
import {
  type Budget,
  distinctTasks,
  type FilterRecord,
  MetricSchema,
  type SelectionRecord,
  SelectionSchema,
  SwirlError,
  type TaskReference,
  type Trajectory,
  type Used,
} from "@swirl-ts/core"
import { relative, resolve } from "@swirl-ts/platform"
import { hasRecord, type Run, readDocument, runPaths, writeDocument } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import type { FilterRequest } from "../filter/filter.ts"
import type { OpenJudge } from "../judge/open-judge.ts"
import type { SiblingSets } from "../judge/siblings.ts"
import { recordedTasks } from "../recorded-tasks.ts"
import { readTrajectories } from "../trajectories.ts"
import { budgetInWords, usedBy, withinBudget } from "./budget.ts"
import { followedSelection, officialSelection, type SourceFolder } from "./followed-selection.ts"
import type { SelectedBy } from "./round-outcomes.ts"
import { votesOf } from "./votes.ts"

export interface SelectionRequest extends FilterRequest {
  /** Name of the training. */
  name: string
  /** Run folders with judged trajectories; default: the context's own. */
  sources?: readonly string[]
  /** Of each source, the tasks that a training begins with, by id; default: all that trajectories come from. */
  tasks?: ReadonlyMap<string, ReadonlySet<string>>
  /** Default: all that are kept are taken. */
  budget?: Budget
}

export interface TrainingSelection {
  /** What the filter keeps. */
  kept: Trajectory[]
  /** What is trained on: the kept ones, or those of them that the budget allows. */
  taken: Trajectory[]
  /** Where there is a budget. */
  used?: Used
  /** Tasks that fresh episodes may be asked of: those of what was judged, or of what the budget allows. */
  tasks: TaskReference[]
  /** Of a judge that asks for siblings: those of the whole training. */
  votes?: SiblingSets
  /** Where an outcome judge stood in for the official score. */
  selectedBy?: SelectedBy
  /** All that were judged, by folder. */
  sources: SourceFolder[]
  /** Sums over the folders, as in their selections. */
  total: number
  keptRight: number
  unscored: number
}

/** The folders whose trajectories a training is made of; a usage error for one that holds none. */
export async function readSources(context: StageContext, request: SelectionRequest): Promise<SourceFolder[]> {
  const read: SourceFolder[] = []
  for (const directory of sourcesOf(context, request))
    read.push({ directory, trajectories: await readTrajectories(directory) })
  return read
}

/** `run`: the open run folder; without one nothing is written anywhere. */
export async function trainingSelection(
  context: StageContext,
  request: SelectionRequest,
  { judge, sources }: { judge: OpenJudge; sources: readonly SourceFolder[] },
  run?: Run,
): Promise<TrainingSelection> {
  const paths = runPaths(context.directory).training(request.name)
  const began = await hasRecord(paths.metrics, MetricSchema)
  const before = began ? await selectionsBefore(context, request, paths.selection) : undefined
  const result: TrainingSelection = { kept: [], taken: [], tasks: [], sources: [], total: 0, keptRight: 0, unscored: 0 }
  const folders: { directory: string; selection: FilterRecord }[] = []
  for (const { directory, trajectories: all } of sources) {
    const tasks = began ? undefined : request.tasks?.get(directory)
    const trajectories = all.filter(({ taskId }) => tasks?.has(taskId) ?? true)
    if (judge.oracle) await recordedTasks(context, directory, trajectories)
    const source: SourceFolder = { directory, trajectories }
    const selection =
      before?.selections.get(directory) ??
      // A training of before selections were followed began with the official one, made afresh.
      (began
        ? await officialSelection(context, source, request, judge)
        : await followedSelection(context, source, request, judge, run))
    if (selection.outcomeJudge && selection.outcomeIdentities)
      result.selectedBy = {
        outcomeJudge: selection.outcomeJudge,
        identities: { ...result.selectedBy?.identities, ...selection.outcomeIdentities },
      }
    folders.push({ directory: relative(context.directory, directory) || ".", selection })
    result.sources.push(source)
    const kept = keptOf(source, selection)
    if (began) sayUnasked(context, request, directory, kept)
    result.kept.push(...kept)
    for (const count of ["total", "keptRight", "unscored"] as const) result[count] += selection[count]
  }
  const { budget } = request
  result.taken = budget ? takenOf(context, request, result.kept, budget) : result.kept
  result.used = budget && usedBy(result.taken)
  const asked = budget ? result.taken : result.sources.flatMap(({ trajectories }) => trajectories)
  const tasks = before?.tasks ?? bySplit(asked)
  result.tasks = tasks.flatMap(({ ids, ...where }) => ids.map((taskId) => ({ ...where, taskId })))
  const within = budget && { budget, used: result.used, taken: result.taken.map(({ id }) => id) }
  const all = sources.flatMap(({ trajectories }) => trajectories)
  const votes = judge.needsSiblings ? votesOf(request.name, all, before?.siblings) : undefined
  result.votes = votes?.sets
  const siblings = votes?.record
  // Of a training of before nothing says which ids those were; it may be refused yet.
  if (run && (before || !began))
    await writeDocument(paths.selection, { schema: "swirl.selection/1", folders, ...within, tasks, siblings })
  return result
}

function takenOf(
  { host, seed }: StageContext,
  { name, strategy }: SelectionRequest,
  kept: readonly Trajectory[],
  budget: Budget,
): Trajectory[] {
  const taken = withinBudget(kept, budget, seed)
  const { trajectories, states } = usedBy(taken)
  const all = usedBy(kept)
  const isLess = "states" in budget ? all.states < budget.states : all.trajectories < budget.trajectories
  host.log(
    isLess
      ? `${name}: ${strategy} kept less than the budget of ${budgetInWords(budget)}; all of it is taken: ${trajectories} trajectories with ${states} states`
      : `${name}: takes ${trajectories} of the ${all.trajectories} trajectories that ${strategy} kept, ${states} of ${all.states} states (budget: ${budgetInWords(budget)})`,
  )
  return taken
}

/** Fewer tasks may be asked for than when the training began; what it began with stays. */
function sayUnasked(
  { host }: StageContext,
  { name, tasks }: SelectionRequest,
  directory: string,
  kept: readonly Trajectory[],
): void {
  const asked = tasks?.get(directory)
  const unasked = asked ? kept.filter(({ taskId }) => !asked.has(taskId)).length : 0
  if (unasked > 0)
    host.log(
      `${name}: ${unasked} of ${kept.length} trajectories that it began with are of tasks that are no longer asked for; they stay`,
    )
}

const sourcesOf = ({ directory }: StageContext, { sources = [directory] }: SelectionRequest): string[] =>
  sources.map((source) => resolve(source))

/** The tasks of trajectories, each once. */
const bySplit = (trajectories: readonly Trajectory[]): NonNullable<SelectionRecord["tasks"]> =>
  [
    ...Map.groupBy(distinctTasks(trajectories), ({ benchmark, split }) => JSON.stringify([benchmark, split])).values(),
  ].map((of) => ({ benchmark: of[0]!.benchmark, split: of[0]!.split, ids: of.map(({ taskId }) => taskId) }))

/** Selections by folder, of a training that goes on with them; undefined where none were written. Other folders are refused. */
export async function selectionsBefore(
  context: StageContext,
  request: SelectionRequest,
  path: string,
): Promise<
  (Pick<SelectionRecord, "tasks" | "siblings"> & { selections: ReadonlyMap<string, FilterRecord> }) | undefined
> {
  const record = await readDocument(path, SelectionSchema)
  if (!record) return undefined
  const found = new Map(
    record.folders.map(({ directory, selection }) => [resolve(context.directory, directory), selection]),
  )
  const sources = sourcesOf(context, request)
  if (sources.length !== found.size || !sources.every((source) => found.has(source))) {
    throw new SwirlError(
      `The training ${request.name} began with trajectories of ${[...found.keys()].join(", ")}. Continue it with those, or begin another one under another name.`,
      { kind: "usage" },
    )
  }
  context.host.log(`${request.name} goes on with the selection it began with: ${path}`)
  return { selections: found, tasks: record.tasks, siblings: record.siblings }
}

function keptOf({ directory, trajectories }: SourceFolder, { ids }: FilterRecord): Trajectory[] {
  const wanted = new Set(ids)
  const kept = trajectories.filter(({ id }) => wanted.has(id))
  if (kept.length === wanted.size) return kept
  throw new SwirlError(
    `${directory} holds ${kept.length} of the ${wanted.size} trajectories that this training began with. Restore its trajectories.jsonl, or begin another training.`,
  )
}
