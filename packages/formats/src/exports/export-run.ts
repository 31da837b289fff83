/**
 * `swirl export`: trajectories of a run folder as the files of another tool. Read as a stream and written as one; what stands
 * there at the end is whole, with a document of what it holds, what the format could not hold, and under which licence.
 */
import { join, resolve } from "node:path"
import { SwirlError } from "@swirl-ts/core"
import { fileDigest } from "@swirl-ts/kit"
import { type JudgeOptions, openJudge, openOutcomeJudge, readOutcomes, type StageContext } from "@swirl-ts/stages"
import { readRun } from "@swirl-ts/store"
import { exportFormat } from "./all.ts"
import { exportSchema, openDestination } from "./destination.ts"
import type { ExportFormat, LeftOut, WrittenFile } from "./export-format.ts"
import type { ExportItem } from "./export-item.ts"
import { exportItems, type ItemCounts, type ItemMaterial } from "./export-items.ts"
import { countFields, type Field } from "./fields.ts"
import { exportSource, type Outline, outlinesOf } from "./source.ts"
import { taskFacts } from "./task-facts.ts"
import { readVerdictBook } from "./verdict-book.ts"

export interface ExportRequest {
  format: string
  /** Seen from the working directory. */
  out: string
  /** Default: the format's own. */
  strategy?: string
  /** Whose verdicts on steps count. */
  judge: string
  judgeOptions?: JudgeOptions
  /** Whose recorded verdicts on answers are the outcome, in place of the official score. */
  outcomeJudge?: string
  outcomeOptions?: JudgeOptions
  /** The policy whose evaluation is exported, in place of what was generated. */
  evaluation?: string
  benchmark?: string
  split?: string
  /** Of tasks. */
  ids?: readonly string[]
  /** The first trajectories that are kept. */
  limit?: number
}

export interface ExportResult {
  schema: typeof exportSchema
  format: string
  out: string
  /** `rows`: of the table, or samples, or documents. */
  files: { name: string; rows: number; sha256: string }[]
  rows: number
  trajectories: ItemCounts
  selection: { strategy: string; judge: string; verdicts: number; outcomeJudge?: string }
  /** What trajectories had that the format has no place for, by field. */
  notHeld: Partial<Record<Field, number>>
  /** What was not written, by why. */
  leftOut: Record<string, number>
  source: { run: string; createdAt: string; evaluation?: string; gitRevision?: string; policies: string[] }
  /** Of the questions, by benchmark; null where none is stated, or the benchmark is not loaded. */
  licenses: Record<string, string | null>
  swirlVersion: string
}

export async function exportRun(context: StageContext, request: ExportRequest): Promise<ExportResult> {
  const { directory, host } = context
  const format = exportFormat(request.format)
  const out = resolve(host.workingDirectory, request.out)
  const run = await readRun(directory)
  const outlines = await outlinesOf(await exportSource(directory, request.evaluation), request, directory)
  const { material, selection } = await itemMaterial(context, request, format, outlines)
  const facts = {
    createdAt: run?.createdAt ?? new Date(0).toISOString(),
    runId: run?.id ?? "unknown",
    swirlVersion: context.swirlVersion ?? "unknown",
    gitRevision: run?.gitRevision,
  }
  const counts: ItemCounts = { total: 0, kept: 0, dropped: 0, unscored: 0 }
  const notHeld: Partial<Record<Field, number>> = {}
  const policies = new Set<string>()
  const licenses: Record<string, string | null> = {}
  const leftOut = leftOutCounter()
  const onTotal = (): void =>
    context.onProgress?.({ stage: `export ${format.name}`, done: counts.total, total: outlines.length })
  async function* seen(items: AsyncIterable<ExportItem>): AsyncGenerator<ExportItem> {
    for await (const item of items) {
      countFields(format.notHeld, item, notHeld)
      policies.add(item.trajectory.policy)
      licenses[item.trajectory.benchmark] = item.license ?? null
      yield item
    }
  }
  const destination = await openDestination(out, format)
  const { temporary, ending } = destination
  try {
    const items = seen(exportItems(context, material, counts, onTotal))
    const written = await format.write(items, { path: temporary, ending, facts }, leftOut)
    const rows = written.reduce((sum, file) => sum + file.rows, 0)
    if (rows === 0) throw nothing(request, selection.strategy, counts, leftOut.counts)
    const result: ExportResult = {
      schema: exportSchema,
      format: format.name,
      out,
      files: await digests(temporary, written),
      rows,
      trajectories: counts,
      selection,
      notHeld,
      leftOut: leftOut.counts,
      source: {
        run: facts.runId,
        createdAt: facts.createdAt,
        evaluation: request.evaluation,
        gitRevision: facts.gitRevision,
        policies: [...policies].sort(),
      },
      licenses,
      swirlVersion: facts.swirlVersion,
    }
    const { out: _, ...document } = result
    await destination.finish(document)
    return result
  } finally {
    await destination.discard()
  }
}

/** What items are made of, and what selects them. */
async function itemMaterial(
  context: StageContext,
  request: ExportRequest,
  format: ExportFormat,
  outlines: readonly Outline[],
): Promise<{ material: ItemMaterial; selection: ExportResult["selection"] }> {
  const { registry, directory } = context
  const strategy = request.strategy ?? format.strategy
  const { value: filter } = registry.resolve("filters", strategy)
  const source = await exportSource(directory, request.evaluation)
  const judge = openJudge(context, request.judge, request.judgeOptions)
  try {
    const verdicts = await readVerdictBook(source, outlines, judge, directory)
    const needsVerdicts = format.needsVerdicts || filter.needs.includes("process")
    if (needsVerdicts && verdicts.size === 0)
      throw new SwirlError(
        `No step in ${directory} has a verdict of judge ${request.judge}, which ${format.needsVerdicts ? `the format ${format.name}` : `the strategy ${strategy}`} goes by. Judge first: swirl judge --judge ${request.judge} --run ${directory}`,
        { kind: "usage" },
      )
    const needsOutcome = filter.needs.includes("outcome")
    const outcomes = needsOutcome ? await recordedOutcomes(context, request, outlines) : undefined
    const facts =
      format.needsTasks || (needsOutcome && !outcomes) ? await taskFacts(context, source, outlines) : undefined
    return {
      material: { source, wanted: request, filter, verdicts, facts, outcomes },
      selection: {
        strategy,
        judge: request.judge,
        verdicts: verdicts.size,
        outcomeJudge: outcomes && request.outcomeJudge,
      },
    }
  } finally {
    await judge.close()
  }
}

/** Undefined where the official score is the outcome. Nothing is judged here. */
async function recordedOutcomes(
  context: StageContext,
  { outcomeJudge = "official", outcomeOptions, strategy }: ExportRequest,
  outlines: readonly Outline[],
): Promise<ReadonlyMap<string, boolean> | undefined> {
  if (outcomeJudge === "official") return undefined
  const judge = openOutcomeJudge(context, outcomeJudge, outcomeOptions)
  try {
    const identities = new Set<string>()
    for (const benchmark of new Set(outlines.map((outline) => outline.benchmark)))
      identities.add(await judge.identity(benchmark))
    const records = [...(await readOutcomes(context.directory, identities)).values()]
    if (records.length === 0)
      throw new SwirlError(
        `No answer in ${context.directory} has a verdict of the outcome judge ${outcomeJudge}. Ask it first: swirl filter --strategy ${strategy} --outcome-judge ${outcomeJudge} --run ${context.directory}`,
        { kind: "usage" },
      )
    return new Map(
      records.flatMap(({ trajectoryId, verdict }) =>
        verdict === "unscored" ? [] : [[trajectoryId, verdict === "good"] as const],
      ),
    )
  } finally {
    await judge.close()
  }
}

function leftOutCounter(): LeftOut & { counts: Record<string, number> } {
  const counts: Record<string, number> = {}
  return {
    counts,
    leaveOut(why, count = 1) {
      counts[why] = (counts[why] ?? 0) + count
      if (counts[why] === 0) delete counts[why]
    },
  }
}

async function digests(folder: string, files: readonly WrittenFile[]): Promise<ExportResult["files"]> {
  const found: ExportResult["files"] = []
  for (const { name, rows } of files)
    found.push({ name, rows, sha256: await fileDigest(name === "" ? folder : join(folder, name)) })
  return found
}

function nothing(
  { format }: ExportRequest,
  strategy: string,
  { total, kept, unscored }: ItemCounts,
  leftOut: Readonly<Record<string, number>>,
): SwirlError {
  const why = Object.entries(leftOut).map(([reason, count]) => `${count} ${reason}`)
  return new SwirlError(
    `There is nothing to export as ${format}: of ${total} trajectories the strategy ${strategy} keeps ${kept}${unscored > 0 ? ` (${unscored} for want of a verdict)` : ""}${why.length > 0 ? `; left out: ${why.join(", ")}` : ""}. Nothing was written.`,
    { kind: "usage" },
  )
}
