/**
 * Other people's logs into a run folder: trajectories, what is known of each, and samples with their scores, to be judged,
 * filtered, compared and trained on like any. Invariant: all files are read before the first record is written; a record has an
 * id that follows from the log, so that a second import, or one after a kill, adds what is not there.
 */
import { basename } from "node:path"
import {
  contentHash,
  type Entry,
  type ImportedRecord,
  type Imports,
  importedOwner,
  type Maker,
  makerHash,
  slug,
  type Trajectory,
} from "@swirl-ts/core"
import { whileUnchanged } from "@swirl-ts/kit"
import { dataPathOf, importStage, type StageContext } from "@swirl-ts/stages"
import { evaluationStage, machine, openRun, type Run } from "@swirl-ts/store"
import type { ForeignConversation, ForeignLog, Importer } from "./conversation.ts"
import { filesToImport } from "./files-to-import.ts"
import { type ImportFiles, openImportFiles } from "./import-record-files.ts"
import { type ImportResult, importTally } from "./import-result.ts"
import { importedSample } from "./import-sample.ts"
import { importedSplit } from "./imported-benchmark.ts"
import { conversationKeys, type ImportedPart, importedParts } from "./imported-trajectory.ts"
import { importerNamed } from "./importers.ts"
import { addToImports } from "./imports-document.ts"
import { type PreparedFile, type PreparedImport, prepareImport, questionsOf } from "./prepared-import.ts"
import { type MatchedTask, matchingTasks, questionKey, questionTexts } from "./question-match.ts"

export interface ImportRequest {
  format: string
  /** Files, and folders of them. */
  paths: readonly string[]
  /** Whose tasks the questions are matched with, by their text. */
  benchmark?: string
  /** Of the benchmark: the one split that is looked in. */
  split?: string
  /** Name of the questions, in place of the log's own. */
  name?: string
  /** Whose score stands for the others, in place of the log's first. */
  scorer?: string
  /** Of the logs, where they do not say it themselves. */
  license?: string
}

export async function importFiles(context: StageContext, request: ImportRequest): Promise<ImportResult> {
  const { abortSignal, onProgress, host } = context
  const importer = importerNamed(request.format)
  const paths = await filesToImport(request.paths, importer)
  const benchmark = request.benchmark ? context.registry.resolve("benchmarks", request.benchmark) : undefined
  const prepared = await prepareImport(importer, paths, {
    questionsName: request.name,
    scorer: request.scorer,
    abortSignal,
    onConversation: (done) => onProgress?.({ stage: `check ${request.format}`, done }),
  })
  const dataPath = benchmark && dataPathOf(context, benchmark.fullName)
  const matches = benchmark
    ? await matchingTasks(benchmark, prepared.texts, { split: request.split, host, dataPath, abortSignal })
    : undefined
  const run = await openRun(context.directory)
  try {
    const files = await openImportFiles(run, prepared.coming)
    try {
      return await write(context, request, { importer, run, files, prepared, benchmark, matches })
    } finally {
      await files.close()
    }
  } finally {
    await run.close()
  }
}

interface Parts {
  importer: Importer
  run: Run
  files: ImportFiles
  prepared: PreparedImport
  benchmark: Entry<"benchmarks"> | undefined
  matches: ReadonlyMap<string, MatchedTask> | undefined
}

async function write(context: StageContext, request: ImportRequest, parts: Parts): Promise<ImportResult> {
  const { importer, run, files, prepared, benchmark } = parts
  const maker: Maker = {
    since: new Date().toISOString(),
    swirl: context.swirlVersion,
    plugins: benchmark ? { [benchmark.plugin.meta.name]: benchmark.plugin.meta.version } : {},
    machine: machine(),
  }
  const tally = importTally(context.directory, importer.name, benchmark?.fullName)
  // Before the first record: what a kill leaves is found by commands that look for its questions.
  const tools = toolsByBenchmark(prepared, benchmark)
  await addToImports(run.directory, { files: [], tools })
  const read: Imports["files"] = []
  for (const file of prepared.files) {
    const log = await importer.open(file.path)
    const keyOf = conversationKeys(importer.name)
    tally.file(log.lost)
    let producer = log.producer
    for await (const conversation of conversationsOf(log, file)) {
      context.abortSignal?.throwIfAborted()
      producer = conversation.producer ?? producer
      tally.conversation()
      for (const part of importedParts(importer.name, conversation, keyOf(conversation))) {
        const placed = placeOf(part, conversation, { ...parts, request, path: file.path })
        const { trajectory, record } = recordsOf(part, conversation, placed, files, {
          format: importer.name,
          file: basename(file.path),
          digest: file.digest,
          producer,
          license: conversation.license ?? log.license ?? request.license,
          scorer: request.scorer,
        })
        const { temperature = "none" } = conversation
        const sample = part.isLast
          ? await importedSample({
              trajectory,
              record,
              temperature,
              maker: makerHash(maker),
              matched: benchmark && placed.match && { benchmark, task: placed.match.task },
              scorer: placed.scorer,
              abortSignal: context.abortSignal,
            })
          : undefined
        await register(context, run, {
          importer,
          maker,
          trajectory,
          evaluated: sample && { model: part.model, temperature: sample.temperature },
        })
        tally.trajectory(part, { trajectory, record, isMatched: placed.match !== undefined })
        if (await files.append({ trajectory, record, sample })) tally.added()
      }
      context.onProgress?.({
        stage: `import ${importer.name}`,
        done: tally.conversations,
        total: prepared.conversations,
      })
    }
    const { conversations, trajectories, lost } = tally.ofFile()
    const license = log.license ?? request.license
    const { path, digest } = file
    read.push({
      format: importer.name,
      file: basename(path),
      digest,
      producer,
      license,
      conversations,
      trajectories,
      lost,
    })
  }
  await files.commit()
  await addToImports(run.directory, { files: read, tools })
  return tally.result(files.replaced)
}

const conversationsOf = (log: ForeignLog, { path, version }: PreparedFile): AsyncIterable<ForeignConversation> =>
  version ? whileUnchanged(path, version, log.conversations, ({ id }) => id) : log.conversations()

const importedName = (name: string): string => `${importedOwner}/${slug(name)}`

/** Of a benchmark whose tasks are among the questions, too: in its trajectories the log's tools are called. */
const toolsByBenchmark = ({ questions }: PreparedImport, benchmark: Entry<"benchmarks"> | undefined) =>
  new Map(
    [...questions].flatMap(([name, { tools }]) => [
      [importedName(name), tools] as const,
      ...(benchmark ? [[benchmark.fullName, tools] as const] : []),
    ]),
  )

interface PlacedPart {
  benchmark: string
  split: string
  /** As the log has it; absent where it has none. */
  taskId?: string
  question: string
  match?: MatchedTask
  scorer?: string
}

/** Which benchmark and question a part is of. */
function placeOf(
  { trajectory: { question }, turn }: ImportedPart,
  conversation: ForeignConversation,
  { prepared, benchmark, matches, request, path }: Parts & { request: ImportRequest; path: string },
): PlacedPart {
  const match = questionTexts([question])
    .map((text) => matches?.get(questionKey(text)))
    .find((each) => each !== undefined)
  if (benchmark && match) {
    const { split, task } = match
    return { benchmark: benchmark.fullName, split, taskId: task.id, question: task.question, match }
  }
  const name = request.name ?? questionsOf(conversation, path)
  const { taskId } = conversation
  return {
    benchmark: importedName(name),
    split: importedSplit,
    taskId: taskId === undefined || turn === 1 ? taskId : `${taskId}/turn-${turn}`,
    question,
    scorer: request.scorer ?? prepared.questions.get(name)?.scorers[0],
  }
}

function recordsOf(
  part: ImportedPart,
  conversation: ForeignConversation,
  { benchmark, split, taskId: own, question }: PlacedPart,
  files: ImportFiles,
  {
    format,
    file,
    digest,
    producer,
    license,
    scorer,
  }: Pick<ImportedRecord, "format" | "producer" | "license" | "scorer"> & { file: string; digest: string },
): { trajectory: Trajectory; record: ImportedRecord } {
  const { key, turn, isLast, models, lost } = part
  const { policy, prompt } = part.trajectory
  const { place, id, references = [], scores, limit, error, retries } = conversation
  const { taskId, epoch } = files.numbered({
    key,
    turn,
    benchmark,
    split,
    policy,
    question,
    // Without an id, a question is its prompt: what stands before it is a part of what was asked.
    taskId: own ?? contentHash(prompt, 12),
    epoch: conversation.epoch ?? 0,
  })
  const where = { benchmark, split, taskId, epoch }
  return {
    trajectory: { ...part.trajectory, ...where, question },
    record: {
      schema: "swirl.imported/1",
      id: part.trajectory.id,
      format,
      source: { file, digest, ...place, id, key, turn },
      producer,
      license,
      models,
      policy,
      ...where,
      question,
      references: references.length > 0 && isLast ? [...references] : undefined,
      scores: scores.length > 0 && isLast ? [...scores] : undefined,
      scorer: scores.length > 0 && isLast ? scorer : undefined,
      limit: isLast ? limit?.name : undefined,
      error: isLast ? error : undefined,
      retries: isLast ? retries : undefined,
      lost: Object.keys(lost).length > 0 ? lost : undefined,
    },
  }
}

/** The stages that later commands ask for: where the tasks are, and whose evaluation the samples are. */
async function register(
  context: StageContext,
  run: Run,
  {
    importer,
    maker,
    trajectory: { benchmark, split, policy },
    evaluated,
  }: {
    importer: Importer
    maker: Maker
    trajectory: Trajectory
    evaluated: { model: string; temperature: number | "none" } | undefined
  },
): Promise<void> {
  const spec = run.record.spec as Record<string, unknown>
  const imported = importStage(benchmark, split)
  if (!(imported in spec)) {
    const dataPath = dataPathOf(context, benchmark)
    await run.register({ [imported]: { dataPath } }, { maker, mayChange: ["dataPath"] })
  }
  if (!evaluated) return
  const { model, temperature } = evaluated
  const stage = evaluationStage(policy, { benchmark, split, temperature })
  if (!(stage in spec)) await run.register({ [stage]: { model, temperature, imported: importer.name } }, { maker })
}
