/**
 * Measures the search tool: 1,000 sandbox-sized worlds, and the 4,937 HotpotQA passages where they are at hand.
 * Run: node_modules/node/bin/node -C @swirl-ts/source bench/search.ts [--json]
 */
import { existsSync, readFileSync } from "node:fs"
import { arch, cpus } from "node:os"
import type { Passage } from "@swirl-ts/core"
import { seedFrom } from "@swirl-ts/core"
import { analyse, buildBm25, searchTool } from "@swirl-ts/tools-search"

const settings = { k1: 1.2, b: 0.75, titleWeight: 2 }
const data = new URL("../../shared/data/hotpotqa/", import.meta.url)
const rows: { what: string; value: number; unit: string }[] = []
const note = (what: string, value: number, unit: string): void => {
  rows.push({ what, value: Number(value.toPrecision(4)), unit })
}
const since = (start: number): number => performance.now() - start
const quantile = (values: number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * q)]!

let start = performance.now()
analyse("warm")
note("load wink-nlp, once", since(start), "ms")

// Worlds: 20 subjects x 5 relations, names drawn anew a world from 5,000.
const relations = ["mayor", "capital", "founder", "rival", "twin"]
const name = (world: number, i: number): string => {
  let number = seedFrom("search-bench", world, i) % 5000
  let text = ""
  for (let syllable = 0; syllable < 3; syllable++, number = Math.floor(number / 20))
    text += "bcdfghjklmnprstvwxyz"[number % 20]! + "aeio"[number % 4]
  return text
}
const worlds = Array.from({ length: 1000 }, (_, world) => {
  const names = Array.from({ length: 20 }, (_, i) => name(world, i))
  return names.flatMap((subject, i) =>
    relations.map((relation, j) => ({
      title: subject,
      text: `the ${relation} of ${subject} is ${names[(i + j + 1) % 20]} .`,
    })),
  )
})
const tool = searchTool()
start = performance.now()
const bound = []
for (const [i, passages] of worlds.entries()) {
  bound.push(await tool.bind({ corpus: { id: `world-${i}`, passages: () => passages }, options: { format: "text" } }))
}
note("bind 1,000 worlds of 100 passages", since(start), "ms")
let right = 0
start = performance.now()
for (const [i, passages] of worlds.entries()) {
  const passage = passages[i % 100]!
  const found = await bound[i]!.execute(
    { query: `${passage.title} ${passage.text.split(" ")[1]}` },
    { toolCallId: "1", messages: [] },
  )
  if (found === passage.text) right++
}
note("1,000 queries, one a world", since(start), "ms")
note("of them the right passage first", right, "")

const corpusFile = new URL("raw/xinowo_pooled_corpus_dev_first500.jsonl", data)
const resultsFile = new URL("preds/xinowo_bm25_results_dev_first500.csv", data)
if (existsSync(corpusFile) && existsSync(resultsFile)) {
  const passages = readFileSync(corpusFile, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Passage)
  const questions = readCsv(readFileSync(resultsFile, "utf8")).map((row) => ({
    question: row.question!,
    gold: row.gold_titles!.split(" | "),
  }))
  start = performance.now()
  const index = buildBm25(passages, settings)
  note(`build ${passages.length} HotpotQA passages, words new`, since(start), "ms")
  start = performance.now()
  buildBm25(passages, settings)
  note("build them again, words known", since(start), "ms")
  for (const { question } of questions) index.search(question, 10)
  const times = questions.map(({ question }) => {
    const began = performance.now()
    index.search(question, 10)
    return since(began)
  })
  note("query, top 10, p50", quantile(times, 0.5), "ms")
  note("query, top 10, p95", quantile(times, 0.95), "ms")
  for (const titleWeight of [0, 1, 2, 3]) {
    const weighted = buildBm25(passages, { ...settings, titleWeight })
    const found = questions.map(({ question }) => weighted.search(question, 10).map((passage) => passage.title))
    const mean = (value: (titles: string[], gold: string[]) => number): number =>
      questions.reduce((sum, { gold }, i) => sum + value(found[i]!, gold), 0) / questions.length
    for (const k of [5, 10]) {
      note(
        `titleWeight ${titleWeight}: evidence recall@${k}`,
        mean((titles, gold) => gold.filter((g) => titles.slice(0, k).includes(g)).length / gold.length),
        "",
      )
    }
    note(
      `titleWeight ${titleWeight}: every gold in top 5`,
      mean((titles, gold) => Number(gold.every((g) => titles.slice(0, 5).includes(g)))),
      "",
    )
    note(
      `titleWeight ${titleWeight}: MRR@10`,
      mean((titles, gold) => reciprocalRank(titles, gold)),
      "",
    )
  }
} else {
  console.error("The HotpotQA passages are not here (../shared/data/hotpotqa); only the worlds were measured.")
}

const machine = `${cpus().length} x ${cpus()[0]?.model ?? "?"}, ${arch}, Node ${process.version}`
if (process.argv.includes("--json")) console.log(JSON.stringify({ machine, rows }))
else {
  console.log(machine)
  for (const { what, value, unit } of rows) console.log(`${what.padEnd(48)} ${value} ${unit}`)
}

function readCsv(text: string): Record<string, string>[] {
  const lines: string[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    lines.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain!)
    if (end !== ",") lines.push([])
  }
  const [header, ...body] = lines.filter((line) => line.length > 1)
  return body.map((line) => Object.fromEntries(header!.map((column, i) => [column, line[i] ?? ""])))
}

function reciprocalRank(titles: string[], gold: string[]): number {
  const rank = titles.findIndex((title) => gold.includes(title))
  return rank < 0 ? 0 : 1 / (rank + 1)
}
