/**
 * Every evaluation under an experiment's folder, found by what lies there: a folder with `run.json` that holds `eval/<policy>`, or
 * the training that it is named after, is that of the row of its name. Invariant: a cell holds the questions that were asked for
 * and no others, each known by id and hash.
 */
import { existsSync, readdirSync } from "node:fs"
import { basename, join } from "node:path"
import { firstQuestions } from "./first-questions.ts"
import { field, folders, isRaw, type Raw, readDocument, readLines, text, whole } from "./raw.ts"

export interface Sample {
  taskId: string
  hash: string | undefined
  /** Of its reference answers. */
  reference: unknown
  /** The hash of who scored it. */
  maker: unknown
  status: string
  trajectoryId: string
  metrics: Raw
  /** Whether it says that the policy has seen its question, or something of it, before. */
  isLeaked: boolean
  isUnguarded: boolean
  /** Undefined where there is none: an error, unscored, or without the cell's metric. */
  score: number | undefined
}

export interface Cell {
  benchmark: string
  split: string
  temperature: unknown
  metric: string
  /** Of the questions asked. */
  samples: Sample[]
  /** False while some of them have none. */
  isWhole: boolean
  /** First prompts of its split by question, those of samples that are gone among them. */
  prompts: ReadonlyMap<unknown, unknown>
  /** Of its split. */
  trajectories: readonly Raw[]
  /** Of its stage, as `run.json` has them. */
  makers: Raw[]
  /** On steps, by trajectory. */
  verdicts: ReadonlyMap<unknown, Raw[]>
  /** The ids of so many first questions of the split; undefined where the records do not say which these are. */
  first(count: number): ReadonlySet<string> | undefined
}

export interface Evaluation {
  folder: string
  row: string
  seed: number
  run: Raw
  cells: Cell[]
}

/**
 * How many questions a cell is asked for, as the base's `run.json` says it of every stage `eval/…`; undefined where they were named
 * one by one. Of a base that was asked for another number and is measured again some stages have the one before: then it is `said`.
 */
export function limitOf(folder: string, said: unknown): number | undefined {
  const path = join(folder, "run.json")
  if (!existsSync(path)) throw new Error(`the base was not measured: there is no ${path}`)
  const { spec } = readDocument(path)
  const limits = Object.entries(isRaw(spec) ? spec : {}).flatMap(([stage, settings]) =>
    stage.startsWith("eval/") && isRaw(settings) ? [settings.limit] : [],
  )
  const limit = limits.every((each) => each === limits[0]) ? limits[0] : limits.find((each) => each === said)
  if (limit === undefined)
    throw new Error(`${folder} was asked for ${limits.join(" and ") || "no"} questions, and its matrix says ${said}`)
  return typeof limit === "number" ? limit : undefined
}

/** `questions`: how many of a split the experiment asks. */
export function findEvaluations(root: string, questions: number): Evaluation[] {
  const found: Evaluation[] = []
  const visit = (folder: string, depth: number): void => {
    const row = basename(folder)
    const run = existsSync(join(folder, "run.json")) ? readDocument(join(folder, "run.json")) : {}
    const training = field(run, "spec", `train/${row}`)
    const policies = folders(join(folder, "eval")).filter((policy) => isMeant(folder, run, basename(policy)))
    if (policies.length > 1) throw new Error(`${folder} holds the evaluations of ${policies.length} policies`)
    if (policies[0]) found.push(readEvaluation(folder, policies[0], questions))
    else if (isRaw(training)) found.push({ folder, row, seed: whole(training, "seed"), run, cells: [] })
    else if (depth > 0) for (const each of folders(folder)) visit(each, depth - 1)
  }
  visit(root, 4)
  return found
}

/** A training that went on was measured before, as the policy of an earlier checkpoint. */
function isMeant(folder: string, run: Raw, policy: string): boolean {
  const result = join(folder, "train", basename(folder), "result.json")
  if (!existsSync(result) || !isRaw(run.spec)) return true
  const place = (path: unknown): string =>
    String(path)
      .split(/[\\/:]/)
      .slice(-2)
      .join("/")
  const stages = Object.entries(run.spec).filter(([stage]) => stage.startsWith(`eval/${policy}/`))
  const ends = place(readDocument(result).checkpoint)
  return stages.some(([, settings]) => isRaw(settings) && place(settings.model) === ends)
}

function readEvaluation(folder: string, policy: string, questions: number): Evaluation {
  const run = readDocument(join(folder, "run.json"))
  const cells = new Map<string, Cell>()
  const seeds = new Set<number>()
  const verdicts = Map.groupBy(readLines(join(policy, "verdicts.jsonl")), ({ trajectoryId }) => trajectoryId)
  for (const name of recordNames(policy)) {
    if (!name.endsWith(".jsonl") || name.endsWith(".trajectories.jsonl") || name === "verdicts.jsonl") continue
    const trajectories = readLines(join(policy, name.replace(/\.jsonl$/, ".trajectories.jsonl")))
    for (const record of readLines(join(policy, name))) {
      const [benchmark, split] = [text(record, "benchmark"), text(record, "split")]
      const { temperature = 0 } = record
      const key = JSON.stringify([benchmark, split, temperature])
      const metric = text(record, "primaryMetric")
      const cell: Cell = cells.get(key) ?? {
        benchmark,
        split,
        temperature,
        metric,
        samples: [],
        isWhole: true,
        trajectories: trajectories.filter((each) => each.split === split),
        prompts: new Map(trajectories.flatMap((each) => (each.split === split ? [[each.taskId, each.prompt]] : []))),
        makers: makersOf(run, stageOf(basename(policy), { benchmark, split, temperature })),
        verdicts,
        first: () => undefined,
      }
      cells.set(key, cell)
      if (cell.metric !== metric) throw new Error(`${join(policy, name)} counts by ${cell.metric} and by ${metric}`)
      seeds.add(whole(record, "seed"))
      cell.samples.push(sampleOf(record, metric))
    }
  }
  if (seeds.size !== 1) throw new Error(`${folder} has samples of ${seeds.size} seeds`)
  for (const cell of cells.values()) keepAsked(cell, run, basename(policy), questions, folder)
  return { folder, row: basename(folder), seed: [...seeds][0]!, run, cells: [...cells.values()] }
}

/** A compressed file is known by the name of what is in it. */
const recordNames = (folder: string): string[] =>
  [...new Set(readdirSync(folder).map((name) => name.replace(/\.gz$/, "")))].sort()

const stageOf = (
  policy: string,
  { benchmark, split, temperature }: Pick<Cell, "benchmark" | "split" | "temperature">,
) => `eval/${policy}/${benchmark}${temperature === 0 ? "" : `@${temperature}`}/${split}`

function makersOf(run: Raw, stage: string): Raw[] {
  const makers = field(run, "makers", stage)
  return Array.isArray(makers) ? makers.filter(isRaw) : []
}

function sampleOf(record: Raw, metric: string): Sample {
  const status = text(record, "status")
  const metrics = isRaw(record.metrics) ? record.metrics : {}
  const score = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined
  return {
    taskId: text(record, "taskId"),
    hash: typeof record.questionHash === "string" ? record.questionHash : undefined,
    reference: record.referenceHash,
    maker: record.maker,
    status,
    trajectoryId: text(record, "trajectoryId"),
    metrics,
    isLeaked: record.leak !== undefined,
    isUnguarded: record.leakGuard === "off",
    score: (status === "scored" || status === "limit") && typeof score === "number" ? score : undefined,
  }
}

/** A folder that was asked for more questions before holds those, too. */
function keepAsked(cell: Cell, run: Raw, policy: string, questions: number, folder: string): void {
  const stage = stageOf(policy, cell)
  const digest = field(run, "digests", `${stage}: prompts`)
  const known = typeof digest === "string" ? Number.parseInt(digest, 10) : 0
  const limit = field(run, "spec", stage, "limit")
  // As many as it was asked for before the limit was raised are not all that the split has.
  const isAll = typeof limit !== "number" || known < limit
  const ids = idsOf(cell)
  cell.first = firstQuestions(ids, cell.prompts, String(digest))
  cell.isWhole = ids.length >= (isAll ? Math.min(questions, known) : questions)
  if (ids.length <= questions) return
  const asked = cell.first(questions)
  if (!asked) throw unknownWhich(folder, cell, questions)
  cell.samples = cell.samples.filter(({ taskId }) => asked.has(taskId))
}

/** Of questions that were named one by one the records do not say which: there may be no others. */
export function checkNamed(evaluations: readonly Evaluation[], questions: number): void {
  for (const { folder, cells } of evaluations)
    for (const cell of cells) if (idsOf(cell).length > questions) throw unknownWhich(folder, cell, questions)
}

const idsOf = ({ samples }: Cell): string[] => [...new Set(samples.map(({ taskId }) => taskId))]

const unknownWhich = (folder: string, cell: Cell, questions: number): Error =>
  new Error(
    `${folder} holds ${idsOf(cell).length} questions of ${cell.benchmark}/${cell.split}, of which ${questions} were asked: its records do not say which`,
  )

/** `calc/test@1` */
export function parseColumn(name: string): { benchmark: string; split: string; temperature: unknown } {
  const [, benchmark = "", split = "", at = "0"] = /^(.+)\/([^/@]+)(?:@(.+))?$/.exec(name) ?? []
  return { benchmark, split, temperature: at === "none" ? at : Number(at) }
}

/** A column of an experiment, in an evaluation. */
export function cellAt({ cells }: Evaluation, name: string): Cell | undefined {
  const { benchmark, split, temperature } = parseColumn(name)
  return cells.find(
    (cell) =>
      cell.split === split &&
      cell.temperature === temperature &&
      (cell.benchmark === benchmark || cell.benchmark.endsWith(`/${benchmark}`)),
  )
}
