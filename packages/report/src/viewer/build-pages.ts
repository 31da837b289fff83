/**
 * The pages of everything that was recorded in run folders, written in one go over the records: a trajectory is in memory
 * while it is written, and what is kept of it is a few numbers. Every record is on a page, whatever became of it.
 */
import {
  contentHash,
  type ImportedRecord,
  ImportedSchema,
  isScored,
  scoreOf,
  type ToolTally,
  type Trajectory,
  toolTally,
} from "@swirl-ts/core"
import { readRecords, runPaths, type TemperedSample } from "@swirl-ts/store"
import { columnWriter } from "./columns.ts"
import type { ScoresByGroup } from "./compared-groups.ts"
import { type EvaluatedSamples, readEvaluatedSamples } from "./evaluated-samples.ts"
import { type GroupBook, groupBook } from "./group-book.ts"
import { type JudgeBook, judgeBook } from "./judge-book.ts"
import { pageWriter } from "./page-writer.ts"
import { type QuestionBook, questionBook } from "./question-book.ts"
import { modelOf, type RecordedFilter } from "./recorded-runs.ts"
import { type RecordedSource, recordedSources } from "./recorded-sources.ts"
import { askedVerdicts, readVerdicts, tallied, type VerdictsById } from "./recorded-verdicts.ts"
import { alwaysThere, lacksScore, type SampleRow, sampleRow } from "./sample-row.ts"
import { trajectoryStatuses } from "./samples-page.ts"
import { shownTrajectory, withoutTrajectory } from "./shown-trajectory.ts"
import type { PageIndex, ViewerRun } from "./summary-page.ts"
import { type TokenBook, tokenBook } from "./token-book.ts"
import type { ViewerTrajectory } from "./trajectories-page.ts"
import type { ViewerOptions } from "./viewer-options.ts"

export interface BuiltPages {
  groups: GroupBook
  judges: JudgeBook
  questions: QuestionBook
  tools: ToolTally
  scores: ScoresByGroup
  counts: Record<string, number>
  index: Omit<PageIndex, "folder">
  /** Page of tokens of each group that has one. */
  tokenPages: ReadonlyMap<number, number>
}

export interface RecordedRun {
  directory: string
  facts: ViewerRun
}

/** `folder` is there and empty. `onSample`: every score, with its number where its metric is known. */
export async function buildPages(
  folder: string,
  runs: readonly RecordedRun[],
  filters: readonly RecordedFilter[],
  options: ViewerOptions,
  onSample: (sample: TemperedSample, score: number | undefined) => void,
): Promise<BuiltPages> {
  const counts: Record<string, number> = {}
  const state: State = {
    options,
    groups: groupBook(),
    judges: judgeBook(options.isOracle ?? (() => false)),
    questions: questionBook(folder),
    tokens: tokenBook(folder, options),
    tools: toolTally(),
    scores: new Map(),
    counts,
    add: (name, amount = 1) => {
      counts[name] = (counts[name] ?? 0) + amount
    },
    keys: new Map(),
    samples: columnWriter<SampleRow>(folder, "samples", alwaysThere),
    trajectories: pageWriter(
      folder,
      "trajectories",
      (start, each) => `{"start":${start},"trajectories":[${each.join(",")}]}`,
    ),
    onSample,
  }
  for (const [at, run] of runs.entries()) await addRun(state, at, run, filters)
  await state.samples.end()
  await state.trajectories.end()
  await state.questions.end()
  const tokens = await state.tokens.end()
  const { groups, judges, questions, tools, scores, samples, trajectories } = state
  return {
    groups,
    judges,
    questions,
    tools,
    scores,
    counts,
    index: {
      questions: { count: questions.count, starts: [...questions.starts] },
      samples: { count: samples.count, starts: [...samples.starts] },
      trajectories: { starts: [...trajectories.starts] },
      tokens: { count: tokens.count },
    },
    tokenPages: tokens.ofGroup,
  }
}

interface State {
  options: ViewerOptions
  groups: GroupBook
  judges: JudgeBook
  questions: QuestionBook
  tokens: TokenBook
  tools: ToolTally
  scores: Map<number, Map<number, number[]>>
  counts: Record<string, number>
  add(name: string, amount?: number): void
  /** How many samples have a trajectory's id. */
  keys: Map<string, number>
  samples: ReturnType<typeof columnWriter<SampleRow>>
  trajectories: ReturnType<typeof pageWriter>
  onSample(sample: TemperedSample, score: number | undefined): void
}

/** What belongs to one run folder. */
interface OfRun extends RecordedRun {
  at: number
  samples: EvaluatedSamples
  imported: ReadonlyMap<string, ImportedRecord>
  filters: readonly { bit: number; ids: ReadonlySet<string> }[]
}

/** Bits that a whole number of JavaScript holds. */
const mostFilters = 50

async function addRun(state: State, at: number, run: RecordedRun, filters: readonly RecordedFilter[]): Promise<void> {
  const { directory } = run
  const samples = await readEvaluatedSamples(directory, (sample) => {
    const { value } = scoreOfSample(state, sample)
    state.add("evaluationSamples")
    if (sample.status !== "scored") state.add(`evaluation ${sample.status}`)
    state.onSample(sample, value)
  })
  const imported = new Map<string, ImportedRecord>()
  for await (const record of readRecords(runPaths(directory).imported, ImportedSchema)) imported.set(record.id, record)
  const own = filters
    .slice(0, mostFilters)
    .flatMap(({ run, ids }, number) => (run === at ? [{ bit: 2 ** number, ids }] : []))
  const ofRun: OfRun = { ...run, at, samples, imported, filters: own }
  let verdicts: { path?: string; byId: VerdictsById } = { byId: new Map() }
  for (const source of await recordedSources(directory)) {
    if (source.verdicts !== verdicts.path) {
      const byId = source.verdicts === undefined ? new Map() : await readVerdicts(source.verdicts, state.judges)
      verdicts = { path: source.verdicts, byId }
      for (const each of byId.values()) state.judges.count(each)
    }
    for await (const trajectory of source.trajectories()) {
      state.options.abortSignal?.throwIfAborted()
      await addTrajectory(state, ofRun, source, trajectory, verdicts.byId)
    }
  }
  for (const sample of samples.left()) await addSampleAlone(state, ofRun, sample)
}

function scoreOfSample({ options }: State, sample: TemperedSample): { metric?: string; value?: number } {
  const metric = sample.primaryMetric ?? options.metricOf?.(sample.benchmark)
  return { metric, value: metric === undefined ? undefined : scoreOf(sample, metric) }
}

async function addTrajectory(
  state: State,
  run: OfRun,
  source: RecordedSource,
  trajectory: Trajectory,
  verdictsById: VerdictsById,
): Promise<void> {
  const { options, groups, judges, questions } = state
  const { id, policy, benchmark, split, taskId, question, epoch } = trajectory
  const sample = source.stage === "earlier try" ? undefined : run.samples.take(id, source.samples)
  const imported = run.imported.get(id)
  const stage = sample ? "evaluate" : imported ? "import" : source.stage
  const { training, round } = source
  const temperature =
    sample?.temperature ?? (source.samples === undefined ? undefined : run.samples.temperatureOf(source.samples))
  const model = imported ? imported.models[0] : modelOf(run.facts, policy, source.stage === "evaluate")
  const group = groups.numberOf({ stage, run: run.at, policy, benchmark, split, temperature, training, round, model })
  const questionHash = contentHash(question)
  const reference =
    imported?.references ??
    (await options.referenceOf?.(run.directory, { benchmark, split, taskId, question, questionHash }))
  const verdicts = verdictsById.get(id) ?? []
  const number = await questions.numberOf({ benchmark, split, taskId, question, hash: questionHash }, reference)
  const key = keyOf(state, id)
  const row = sampleRow({
    ...tallied(verdicts, judges.isOracle),
    key,
    group,
    question: number,
    epoch,
    trajectory,
    sample,
    isEvaluated: stage === "evaluate",
    metric: sample && scoreOfSample(state, sample).metric,
    kept: run.filters.reduce((sum, { bit, ids }) => (ids.has(id) ? sum + bit : sum), 0),
  })
  count(state, row, sample)
  countSteps(state, source, trajectory)
  state.tools.add(trajectory)
  state.tokens.add(group, { directory: run.directory, policy, model }, trajectory)
  if (verdicts.length > 1) judges.pair(askedVerdicts(trajectory, verdicts), run.facts.folder)
  const turns = trajectory.steps.length > 1 ? options.turnsOf?.(trajectory) : undefined
  await write(state, row, shownTrajectory(trajectory, { key, group, reference, sample, imported, verdicts, turns }))
}

async function addSampleAlone(state: State, run: OfRun, sample: TemperedSample): Promise<void> {
  const { policy, benchmark, split, taskId, epoch, temperature, questionHash } = sample
  const asked = { benchmark, split, taskId }
  const model = modelOf(run.facts, policy, true)
  const group = state.groups.numberOf({ stage: "evaluate", run: run.at, policy, ...asked, temperature, model })
  const reference = await state.options.referenceOf?.(run.directory, { ...asked, questionHash })
  const question = await state.questions.numberOf({ ...asked, hash: questionHash }, reference)
  const key = keyOf(state, sample.trajectoryId)
  const { metric } = scoreOfSample(state, sample)
  const nothing = { ...tallied([], () => false), isEvaluated: true, metric, kept: 0 }
  const row = sampleRow({ ...nothing, key, group, question, epoch, sample })
  state.add("scores without a trajectory")
  count(state, row, sample)
  await write(state, row, withoutTrajectory(sample, { key, group, reference }))
}

/** The id; of the second sample with it, `<id>~2`. */
function keyOf({ keys }: State, id: string): string {
  const times = (keys.get(id) ?? 0) + 1
  keys.set(id, times)
  return times === 1 ? id : `${id}~${times}`
}

function count({ groups, scores, add }: State, row: SampleRow, sample: TemperedSample | undefined): void {
  const { group, question, score } = row
  const isError = trajectoryStatuses[row.status] === "error" || sample?.status === "error"
  groups.add(group, {
    ...row,
    primaryMetric: sample?.primaryMetric,
    isError,
    isUnscored: !!sample && lacksScore(sample, score),
  })
  if (sample && isScored(sample) && score === null) add("evaluation samples of an unknown metric")
  if (score === null) return
  const ofGroup = scores.get(group) ?? new Map<number, number[]>()
  scores.set(group, ofGroup)
  ofGroup.set(question, [...(ofGroup.get(question) ?? []), score])
}

/** Of what was generated. */
function countSteps({ add }: State, { stage }: RecordedSource, { steps, status }: Trajectory): void {
  if (stage === "earlier try") add("earlier tries")
  if (stage !== "generate") return
  add("trajectories")
  add("steps", steps.length)
  add("malformedSteps", steps.filter(({ kind }) => kind === "malformed").length)
  if (status !== "answered") add(`trajectories ended by ${status}`)
}

async function write(state: State, row: SampleRow, shown: ViewerTrajectory): Promise<void> {
  await state.samples.add(row)
  await state.trajectories.add(JSON.stringify(shown))
}
