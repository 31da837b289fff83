/**
 * How good rankings are on HotpotQA's 4,937 passages and first 500 development questions: BM25, MiniLM, and both by
 * reciprocal rank fusion, whose weights and constant are chosen on the 100 training questions and their own 994 passages.
 */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Embedder, Host, Passage, PassageIndex } from "@swirl-ts/core"
import { embedders } from "@swirl-ts/embedders"
import { openIndex, readSearchOptions, type SearchOptions } from "@swirl-ts/tools-search"

interface Question {
  question: string
  gold: string[]
}
type Row = Record<string, string | number>

const data = (root: string, path: string): string => join(root, "../shared/data/hotpotqa", path)

export function hotpotQuestions(root: string): { dev: Question[]; train: Question[] } {
  const header = "method,setting,example_id,question_type,level,question,gold_titles,"
  const lines = readFileSync(data(root, "preds/xinowo_bm25_results_dev_first500.csv"), "utf8").split("\n")
  if (!lines[0]!.startsWith(header)) throw new Error("the table of the BM25 baseline has other columns than expected")
  const cell = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(?:,|$)/g
  const dev = lines
    .filter((line) => line.startsWith("bm25,pooled,"))
    .map((line) => {
      const cells = [...line.matchAll(cell)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!)
      return { question: cells[5]!, gold: cells[6]!.split(" | ") }
    })
  const records = JSON.parse(readFileSync(data(root, "raw/hipporag_train_100.json"), "utf8")) as {
    question: string
    supporting_facts: [string, number][]
  }[]
  const train = records.map(({ question, supporting_facts: facts }) => ({
    question,
    gold: [...new Set(facts.map(([title]) => title))],
  }))
  return { dev, train }
}

/** Rows of the table; `say` is told what could not be measured. */
export async function measureQuality(root: string, say: (line: string) => void): Promise<Row[]> {
  const questions = hotpotQuestions(root)
  const passages = readFileSync(data(root, "raw/xinowo_pooled_corpus_dev_first500.jsonl"), "utf8")
  const corpora = {
    dev: passages
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Passage),
    train: Object.entries(
      JSON.parse(readFileSync(data(root, "raw/hipporag_train_100_corpus.json"), "utf8")) as Record<string, string[]>,
    ).map(([title, sentences]) => ({ title, text: sentences.join("") })),
  }
  const host: Host = {
    cacheDirectory: process.env.SWIRL_CACHE ?? join(root, ".swirl", "bench-cache"),
    workingDirectory: root,
    environment: process.env,
    log: (line) => process.stderr.write(`${line}\n`),
  }
  let embedder: Embedder | undefined
  const measure = async (part: "dev" | "train", options: SearchOptions): Promise<Scores> => {
    const corpus = { id: `bench-hotpotqa-${part}-${corpora[part].length}`, passages: () => corpora[part] }
    const settings = readSearchOptions({ embedder: "transformers:minilm", ...options })
    const index = await openIndex(corpus, settings, { host, openEmbedder: async () => embedder! })
    return scores(index, questions[part])
  }
  const row = (engine: string, figures: Scores): Row => ({ engine, passages: corpora.dev.length, ...figures })

  const rows = [row("BM25", await measure("dev", {}))]
  const model = join(root, ".swirl", "models", "all-minilm-l6-v2")
  if (!existsSync(model)) {
    say(`MiniLM and hybrid: there is no model in ${model}; docs/packages/embedders.md says how to make it`)
    return rows
  }
  try {
    embedder = await embedders().embedders.transformers.open(model, {}, host)
  } catch (error) {
    say(`MiniLM and hybrid: ${(error as Error).message}`)
    return rows
  }
  rows.push(row("MiniLM, exact", await measure("dev", { mode: "vector" })))
  const best = { score: -1, options: {} as SearchOptions, name: "" }
  for (const rankConstant of [10, 60]) {
    for (const vectorWeight of [0.25, 0.5, 1, 2, 4]) {
      const options = { mode: "hybrid", rankConstant, vectorWeight } as const
      const found = await measure("train", options)
      const score = found["full@5"] + found["recall@5"] + found["MRR@10"]
      if (score > best.score + 1e-9) {
        const name = `weights 1 : ${vectorWeight}, constant ${rankConstant}`
        Object.assign(best, { score, options, name })
      }
    }
  }
  rows.push(row("hybrid, weights 1 : 1, constant 60", await measure("dev", { mode: "hybrid" })))
  rows.push(row(`hybrid, ${best.name} (chosen on train-100)`, await measure("dev", best.options)))
  await embedder.close?.()
  return rows
}

interface Scores {
  "full@5": number
  "recall@5": number
  "MRR@10": number
}

async function scores(index: PassageIndex, questions: readonly Question[]): Promise<Scores> {
  const sums: Scores = { "full@5": 0, "recall@5": 0, "MRR@10": 0 }
  for (const { question, gold } of questions) {
    const titles = (await index.search(question, 10)).map(({ title }) => title)
    const found = gold.filter((title) => titles.slice(0, 5).includes(title)).length
    const first = titles.findIndex((title) => gold.includes(title))
    sums["full@5"] += Number(found === gold.length)
    sums["recall@5"] += found / gold.length
    sums["MRR@10"] += first < 0 ? 0 : 1 / (first + 1)
  }
  const mean = (sum: number): number => Number((sum / questions.length).toFixed(3))
  return { "full@5": mean(sums["full@5"]), "recall@5": mean(sums["recall@5"]), "MRR@10": mean(sums["MRR@10"]) }
}
