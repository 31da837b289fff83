/**
 * What `swirl index` and `swirl search` work on: a file of `{title, text}` lines, or the passages of a benchmark's split.
 * A file is streamed; its content's hash is the corpus's id, so a changed file is another corpus.
 */
import { benchmarkTasks, type Corpus, SwirlError, type Task, taskCorpus } from "@swirl-ts/core"
import { fileDigest, passageFile } from "@swirl-ts/kit"
import { basename, existsSync, resolve, statSync } from "@swirl-ts/platform"
import { dataPathOf, type StageContext } from "../context.ts"
import { cellOf } from "../evaluate/evaluation-split.ts"

/** `name` is a file, or a benchmark with passages. Throws a usage error for neither. */
export function findCorpus({ registry, host }: StageContext, name: string) {
  const path = resolve(host.workingDirectory, name)
  if (existsSync(path) && statSync(path).isFile()) return { path }
  if (/[./\\]/.test(name) && !registry.has("benchmarks", name)) {
    throw new SwirlError(`There is no file ${path}. Name a file of {"title", "text"} lines, or a benchmark.`, {
      kind: "usage",
    })
  }
  const { fullName, value } = registry.resolve("benchmarks", name)
  if (!value.corpus) throw new SwirlError(`${fullName} has no passages to search.`, { kind: "usage" })
  return { value, fullName }
}

export async function openCorpus(context: StageContext, name: string, split?: string): Promise<Corpus> {
  const { path, value, fullName } = findCorpus(context, name)
  if (path !== undefined) return corpusOfFile(path)
  let corpus: Corpus | undefined
  for await (const task of tasksOf(context, name, split, 2)) {
    const next = taskCorpus({ fullName, value }, task)!
    if (corpus && next.id !== corpus.id) {
      throw new SwirlError(
        `${fullName} has a small corpus for each task; there is none to index or search as a whole.`,
        {
          kind: "usage",
        },
      )
    }
    corpus = next
  }
  if (!corpus) throw new SwirlError(`${fullName} has no tasks here, and so no passages.`)
  return corpus
}

/** Tasks of the split that evaluation takes, unless another is named; `--data` is minded. */
export async function* tasksOf(
  context: StageContext,
  name: string,
  split?: string,
  limit?: number,
): AsyncGenerator<Task> {
  const entry = context.registry.resolve("benchmarks", name)
  const dataPath = dataPathOf(context, entry.fullName)
  const cell = await cellOf(context, name, split)
  yield* benchmarkTasks<Task>(entry, cell.split, {
    host: context.host,
    dataPath,
    limit,
    abortSignal: context.abortSignal,
  })
}

/** Part of every id: raised when the same file is read otherwise than before, as equal ids have to mean equal passages. */
const readingVersion = "2"

/** Lines of `{"title": …, "text": …}`; other lines are left out and counted, unless they are more than half of all. */
export async function corpusOfFile(path: string): Promise<Corpus> {
  const digest = await fileDigest(path, { prefix: `${readingVersion}\n` })
  return { id: `${basename(path)}:${digest.slice(0, 32)}`, ...passageFile(path) }
}
