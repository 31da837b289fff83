/**
 * What LanceDB's IVF-PQ index (used beyond 50,000 vectors) loses against exact search: recall@10 and time a query, over the
 * distinct sentences of HotpotQA's 4,937 passages and of altered copies, by MiniLM, for the 500 development questions.
 *   npm run bench -- vectors [--count 60000]
 * Needs LanceDB in .swirl/peers and MiniLM in .swirl/models/all-minilm-l6-v2 (docs/packages/embedders.md). The first run
 * embeds for some ten minutes; indexes stay in .swirl/bench-cache.
 */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import type { Embedder, Host, Passage, PassageIndex } from "@swirl-ts/core"
import { embedders } from "@swirl-ts/embedders"
import { openIndex, readSearchOptions, type SearchOptions } from "@swirl-ts/tools-search"
import { alteredPassages } from "./altered-passages.ts"
import { hotpotQuestions } from "./search-quality.ts"

const count = Number(parseArgs({ options: { count: { type: "string", default: "60000" } } }).values.count)
const root = fileURLToPath(new URL("..", import.meta.url))
const file = join(root, "../shared/data/hotpotqa/raw/xinowo_pooled_corpus_dev_first500.jsonl")
const model = join(root, ".swirl", "models", "all-minilm-l6-v2")
for (const path of [file, model]) {
  if (existsSync(path)) continue
  console.error(`There is no ${path}; nothing is measured.`)
  process.exit(1)
}
const sentences = distinctSentences()
const corpus = { id: `bench-sentences-${count}`, passages: () => sentences.map((text) => ({ title: "", text })) }
const host: Host = {
  cacheDirectory: process.env.SWIRL_CACHE ?? join(root, ".swirl", "bench-cache"),
  workingDirectory: root,
  environment: process.env,
  log: (line) => process.stderr.write(`${line}\n`),
}
const embedder = remembering(await embedders().embedders.transformers.open(model, {}, host))
const questions = hotpotQuestions(root).dev.map(({ question }) => question)
await embedder.embed(questions, { kind: "query" })

const exact = await measure({ retriever: "bm25" })
const lance = await measure({ retriever: "auto" })
const shares = exact.found.map((expected, i) => lance.found[i]!.filter((index) => expected.includes(index)).length / 10)
console.log(
  `${count} vectors of ${embedder.dimensions} numbers, ${questions.length} questions, ${new Date().toISOString()}`,
)
console.table([exact, lance].map(({ found, ...row }) => row))
console.log(
  `recall@10 of LanceDB against exact search: ${(shares.reduce((a, b) => a + b, 0) / shares.length).toFixed(3)}`,
)
console.log(`questions with less than 9 of the 10: ${shares.filter((share) => share < 0.9).length}`)
await embedder.close?.()

function distinctSentences(): string[] {
  const real = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Passage)
  const found = new Set<string>()
  for (const { text } of alteredPassages(real, count)) {
    for (const sentence of text.split(/(?<=[.!?]) +/)) {
      if (sentence.length > 20) found.add(sentence)
      if (found.size === count) return [...found]
    }
  }
  return [...found]
}

/** No text is embedded twice: both indexes are of the same vectors, and embedding is no part of a query's time. */
function remembering(inner: Embedder): Embedder {
  const known = new Map<string, Float32Array>()
  return {
    ...inner,
    async embed(texts, options) {
      const missing = texts.filter((text) => !known.has(text))
      const vectors = missing.length > 0 ? await inner.embed(missing, options) : []
      missing.forEach((text, i) => {
        known.set(text, vectors[i]!)
      })
      return texts.map((text) => known.get(text)!)
    },
  }
}

async function measure(options: SearchOptions) {
  const index: PassageIndex = await openIndex(
    corpus,
    readSearchOptions({ mode: "vector", embedder: "x:y", ...options }),
    {
      host,
      openEmbedder: async () => embedder,
    },
  )
  const times: number[] = []
  const found: number[][] = []
  for (const question of questions) {
    const began = performance.now()
    found.push((await index.search(question, 10)).map((hit) => hit.index))
    times.push(performance.now() - began)
  }
  await index.close?.()
  times.sort((a, b) => a - b)
  const at = (share: number): string => times[Math.floor(share * times.length)]!.toFixed(2)
  return { found, index: index.description, "p50 ms": at(0.5), "p95 ms": at(0.95) }
}
