/**
 * What `swirl index` and `swirl search` work on: a file of `{title, text}` lines, or the passages of a benchmark's split.
 * A file is streamed; its content's hash is the corpus's id, so a changed file is another corpus.
 */
import { createHash } from "node:crypto"
import { createReadStream, existsSync, statSync } from "node:fs"
import { basename, resolve } from "node:path"
import { benchmarkTasks, type Corpus, type Passage, SwirlError, type Task } from "@swirl-ts/core"
import { counted, utf8Lines } from "@swirl-ts/kit"
import type { StageContext } from "../context.ts"
import { dataPathOf } from "../context.ts"
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
    const next = value.corpus!(task)
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
  })
}

/** Part of every id: raised when the same file is read otherwise than before, as equal ids have to mean equal passages. */
const readingVersion = "2"

/** Lines of `{"title": …, "text": …}`; other lines are left out and counted, unless they are more than half of all. */
export async function corpusOfFile(path: string): Promise<Corpus> {
  const hash = createHash("sha256").update(`${readingVersion}\n`)
  let begun = false
  for await (const piece of createReadStream(path)) {
    if (!begun) refuseDocument(path, (piece as Buffer).toString("utf8", 0, 4096))
    begun = true
    hash.update(piece as Buffer)
  }
  let count = 0
  let lines: string[] = []
  async function* passages(): AsyncGenerator<Passage> {
    count = 0
    lines = []
    let good = 0
    let number = 0
    for await (const line of utf8Lines(path)) {
      number++
      if (line?.trim() === "") continue
      const passage = line === undefined ? "not UTF-8" : readPassage(line)
      if (typeof passage !== "string") {
        good++
        yield passage
        continue
      }
      count++
      if (lines.length < 5) lines.push(`line ${number}: ${passage}`)
    }
    if (good === 0 || count > good) {
      const why = lines.length > 0 ? ` (${lines.join("; ")})` : ""
      throw new SwirlError(
        `${path} has ${counted(good, "passage")} and ${counted(count, "line that is", "lines that are")} none${why}. Each line has to be {"title": "…", "text": "…"}.`,
      )
    }
  }
  return {
    id: `${basename(path)}:${hash.digest("hex").slice(0, 32)}`,
    passages,
    skipped: () => ({ count, lines }),
  }
}

/** JSON that is laid out otherwise than a passage a line, told by its beginning. */
function refuseDocument(path: string, head: string): void {
  const name = basename(path)
  const [what, filter] = /^\s*\[\s*\{/.test(head)
    ? ["is one JSON array", '-c ".[]"']
    : /^\s*\{[^\S\n]*\n/.test(head)
      ? ["has JSON objects over several lines", "-c ."]
      : []
  if (!what) return
  const command = `jq ${filter} "${name}" > "${name}.lines.jsonl"`
  throw new SwirlError(`${path} ${what}; passages are read a line each. Turn it into JSON lines, e.g. by: ${command}`, {
    kind: "usage",
  })
}

/** The passage, or what is wrong with the line. A missing title is an empty one. */
function readPassage(line: string): Passage | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return "not JSON"
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "not an object"
  const { title = "", text } = value as { title?: unknown; text?: unknown }
  if (typeof text !== "string") return "no text"
  if (typeof title !== "string") return "a title that is no text"
  return { title, text }
}
