/**
 * Questions to evaluate retrieval by: JSON lines or CSV with `question` and `gold_titles` (a list, or text with ` | `
 * between titles), or a benchmark's tasks that know their gold titles.
 */
import { existsSync, statSync } from "node:fs"
import { resolve } from "node:path"
import { SwirlError } from "@swirl-ts/core"
import type { App } from "./app.ts"
import { benchmarkTasks } from "./corpus-source.ts"
import { utf8Lines } from "./utf8-lines.ts"

export interface RetrievalQuestion {
  question: string
  goldTitles: readonly string[]
  /** A ranking that the file brings along (`retrieved_titles`), best first, and its `setting` where the file has several. */
  retrieved?: readonly string[]
  setting?: string
}

/** `name` is a file, or a benchmark. Questions without gold titles are left out and counted; repeated ones count once. */
export async function readQuestions(
  app: App,
  name: string,
  options: { split?: string | undefined; limit?: number | undefined; setting?: string | undefined } = {},
): Promise<{ questions: RetrievalQuestion[]; withoutGold: number }> {
  const path = resolve(app.host.workingDirectory, name)
  const all: RetrievalQuestion[] = []
  if (existsSync(path) && statSync(path).isFile()) {
    const rows = parseQuestions(await readText(path), path)
    all.push(...rows.filter(({ setting }) => !options.setting || setting === options.setting).slice(0, options.limit))
  } else {
    const { value, fullName } = app.registry.resolve("benchmarks", name)
    if (!value.goldTitles) {
      throw new SwirlError(`${fullName} does not say which passages its answers need; use a file of questions.`, {
        kind: "usage",
      })
    }
    for await (const task of benchmarkTasks(app, name, options.split, options.limit)) {
      all.push({ question: task.question, goldTitles: value.goldTitles(task) })
    }
  }
  const distinct = all.map((each) => ({ ...each, goldTitles: [...new Set(each.goldTitles)].sort() }))
  const withGold = distinct.filter(({ goldTitles }) => goldTitles.length > 0)
  // Tables of results repeat a question for every setting; its repeats would narrow the intervals.
  const questions = [
    ...new Map(withGold.map((each) => [JSON.stringify([each.question, each.goldTitles]), each])).values(),
  ]
  if (questions.length === 0) throw new SwirlError(`${name} has no question with gold titles.`)
  return { questions, withoutGold: all.length - withGold.length }
}

/** Throws for bytes that are no UTF-8: a title with other letters in it would count as not found. */
export async function readText(path: string): Promise<string> {
  const lines: string[] = []
  for await (const line of utf8Lines(path)) {
    if (line === undefined) {
      throw new SwirlError(`${path}, line ${lines.length + 1} is not UTF-8 text. Save the file as UTF-8.`)
    }
    lines.push(line)
  }
  return lines.join("\n")
}

/** Lines that cannot be read are errors here: a figure over other questions than meant would mislead. */
export function parseQuestions(text: string, path: string): RetrievalQuestion[] {
  if (!text.trimStart().startsWith("{")) {
    const [header = [], ...rows] = parseCsv(text)
    const [question, gold] = [header.indexOf("question"), header.indexOf("gold_titles")]
    if (question < 0 || gold < 0) {
      throw new SwirlError(`${path} has no columns question and gold_titles; its first line is "${header.join(",")}".`)
    }
    const [retrieved, setting] = [header.indexOf("retrieved_titles"), header.indexOf("setting")]
    return rows.map((row) => ({
      question: row[question] ?? "",
      goldTitles: splitTitles(row[gold] ?? ""),
      ...(retrieved < 0 ? {} : { retrieved: splitTitles(row[retrieved] ?? "") }),
      ...(setting < 0 ? {} : { setting: row[setting] ?? "" }),
    }))
  }
  return text.split("\n").flatMap((line, i) => {
    if (line.trim() === "") return []
    const fail = (what: string): never => {
      throw new SwirlError(`${path}, line ${i + 1}: ${what}. Write {"question": "…", "gold_titles": ["…"]}.`)
    }
    let value: { question?: unknown; gold_titles?: unknown }
    try {
      value = JSON.parse(line)
    } catch {
      return fail("not JSON")
    }
    const { question, gold_titles: gold } = value ?? {}
    if (typeof question !== "string") return fail("no question")
    if (typeof gold === "string") return [{ question, goldTitles: splitTitles(gold) }]
    if (!Array.isArray(gold) || gold.some((title) => typeof title !== "string")) return fail("no gold_titles")
    return [{ question, goldTitles: gold as string[] }]
  })
}

const splitTitles = (text: string): string[] => text.split(" | ").filter((title) => title !== "")

/** RFC 4180; empty lines are left out. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? "")
    if (end !== ",") rows.push([])
  }
  return rows.filter((row) => row.some((cell) => cell !== ""))
}
