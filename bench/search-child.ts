/**
 * One search engine in a process of its own, so that memory is its own too. Reads a job from its first argument, writes one
 * JSON line. Phases: `build` makes the index and answers, or `open` answers from what `build` stored.
 */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import type { Host, Passage } from "@swirl-ts/core"
import { openIndex, readSearchOptions } from "@swirl-ts/tools-search"
import { buildLance, openLance } from "../packages/tools-search/src/lancedb.ts"
import { importLancedb, lancedbVersion } from "../packages/tools-search/src/lancedb-peer.ts"
import { alteredPassages } from "./altered-passages.ts"

export interface Job {
  engine: "ours" | "lancedb" | "minisearch" | "wink"
  phase: "build" | "open"
  count: number
  /** Real passages, JSON lines. */
  real: string
  questions: readonly string[]
  warm: readonly string[]
  /** For what is stored. */
  folder: string
  root: string
}

export interface Measurement {
  engine: string
  buildSeconds?: number
  /** Of all threads; less than the seconds where other programs were running. */
  buildCpuSeconds?: number
  /** Milliseconds of each question. */
  times: number[]
  /** The same in processor time of all threads: what is left of it when other programs are busy. */
  cpuTimes: number[]
  megabytes?: number
  peakMegabytes: number
}

type Search = (query: string) => unknown

const job = JSON.parse(process.argv[2]!) as Job
const real = readFileSync(job.real, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Passage)
const corpus = { id: `bench-${job.count}`, passages: () => alteredPassages(real, job.count) }
const host: Host = {
  cacheDirectory: job.folder,
  workingDirectory: job.root,
  environment: process.env,
  log: (line) => process.stderr.write(`${line}\n`),
}
const peer = createRequire(join(job.root, ".swirl", "peers", "bench", "package.json"))

const start = performance.now()
const { name, search } = await engines()[job.engine]()
const ready = (performance.now() - start) / 1000
const { user, system } = process.cpuUsage()
const times: number[] = []
const cpuTimes: number[] = []
for (const query of job.warm) await search(query)
for (const query of job.questions) {
  const [cpu, began] = [process.cpuUsage(), performance.now()]
  await search(query)
  times.push(performance.now() - began)
  const used = process.cpuUsage(cpu)
  cpuTimes.push((used.user + used.system) / 1000)
}
const measurement: Measurement = {
  engine: name,
  ...(job.phase === "build" ? { buildSeconds: ready, buildCpuSeconds: (user + system) / 1e6 } : {}),
  times,
  cpuTimes,
  megabytes: process.memoryUsage().rss / 1e6,
  peakMegabytes: process.resourceUsage().maxRSS / 1e3,
}
console.log(JSON.stringify(measurement))
process.exit(0)

function packageVersion(name: string): string {
  const path = join(job.root, ".swirl", "peers", "bench", "node_modules", name, "package.json")
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version
}

function engines(): Record<Job["engine"], () => Promise<{ name: string; search: Search }>> {
  return {
    async ours() {
      const index = await openIndex(corpus, readSearchOptions({}), { host })
      return { name: index.description ?? "ours", search: (query) => index.search(query, 10) }
    },
    async lancedb() {
      const lance = await importLancedb(host)
      const folder = join(job.folder, `lance-${job.count}`)
      const facts =
        job.phase === "build"
          ? await buildLance(lance, folder, corpus, { text: true })
          : { passages: job.count, dimensions: 0 }
      const index = await openLance(lance, folder, facts)
      return { name: `LanceDB ${lancedbVersion}, full text`, search: (query) => index.rank(query, 10) }
    },
    async minisearch() {
      const { default: MiniSearch } = await import(pathToFileURL(peer.resolve("minisearch")).href)
      const index = new MiniSearch({ fields: ["title", "text"], storeFields: [] })
      let id = 0
      for (const passage of corpus.passages()) index.add({ id: id++, ...passage })
      const version = packageVersion("minisearch")
      return { name: `MiniSearch ${version}`, search: (query) => index.search(query).slice(0, 10) }
    },
    async wink() {
      const utils = peer("wink-nlp-utils")
      const index = peer("wink-bm25-text-search")()
      index.defineConfig({ fldWeights: { title: 2, text: 1 } })
      const { string, tokens } = utils
      index.definePrepTasks([
        string.lowerCase,
        string.removeExtraSpaces,
        string.tokenize0,
        tokens.removeWords,
        tokens.stem,
      ])
      let id = 0
      for (const passage of corpus.passages()) index.addDoc(passage, id++)
      index.consolidate()
      const version = packageVersion("wink-bm25-text-search")
      return { name: `wink-bm25-text-search ${version}`, search: (query) => index.search(query, 10) }
    },
  }
}
