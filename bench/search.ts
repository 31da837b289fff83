/**
 * The search tool beside others, in one run: speed and memory on HotpotQA's 4,937 passages repeated with altered words, each
 * engine in a process of its own; then how good the rankings are on the real ones. What is not installed is said.
 *   npm run bench -- search [--large 1000000] [--small 200000] [--python /path/to/python] [--only speed|quality] [--json]
 * Peers: npm i --prefix .swirl/peers/bench minisearch wink-bm25-text-search wink-nlp-utils --omit=optional;
 * pip install bm25s PyStemmer numba; MiniLM in .swirl/models/all-minilm-l6-v2 (docs/packages/embedders.md).
 */
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { arch, cpus, tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { alteredPassages } from "./altered-passages.ts"
import type { Job, Measurement } from "./search-child.ts"
import { hotpotQuestions, measureQuality } from "./search-quality.ts"
import { measureWorlds } from "./search-worlds.ts"

const { values: given } = parseArgs({
  options: {
    large: { type: "string", default: "1000000" },
    small: { type: "string", default: "200000" },
    python: { type: "string", default: process.env.SWIRL_BENCH_PYTHON ?? "python3" },
    only: { type: "string" },
    json: { type: "boolean", default: false },
  },
})
const root = fileURLToPath(new URL("..", import.meta.url))
const real = join(root, "../shared/data/hotpotqa/raw/xinowo_pooled_corpus_dev_first500.jsonl")
if (!existsSync(real)) {
  console.error("The HotpotQA passages are not here (../shared/data/hotpotqa); there is nothing to measure on.")
  process.exit(1)
}
const questions = hotpotQuestions(root)
const asked = {
  questions: questions.dev.map((each) => each.question),
  warm: questions.train.map((each) => each.question),
}
const folder = mkdtempSync(join(tmpdir(), "swirl-bench-"))
const missing: string[] = []
const rows: Record<string, string | number>[] = []

try {
  if (given.only !== "quality") {
    rows.push(await measureWorlds())
    speed()
  }
  if (given.only !== "speed") rows.push(...(await measureQuality(root, (line) => missing.push(line))))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
const machine = `${cpus().length} x ${cpus()[0]?.model ?? "?"}, ${arch()}, Node ${process.version}, ${new Date().toISOString().slice(0, 16)}Z`
if (given.json) console.log(JSON.stringify({ machine, rows, missing }, null, 1))
else {
  console.log(machine)
  console.table(rows)
  for (const line of missing) console.log(`Not measured: ${line}`)
}

function speed(): void {
  const [large, small] = [Number(given.large), Number(given.small)]
  // Few questions for engines that take a tenth of a second each.
  const few = { questions: asked.questions.slice(0, 50), warm: asked.warm.slice(0, 5) }
  child({ engine: "ours", phase: "build", count: small, ...asked })
  // Around the peer: what passes within a millisecond differs between processes by a third.
  child({ engine: "ours", phase: "open", count: small, ...asked })
  python(small)
  child({ engine: "ours", phase: "open", count: small, ...asked })
  child({ engine: "ours", phase: "build", count: large, ...asked })
  child({ engine: "ours", phase: "open", count: large, ...asked })
  child({ engine: "lancedb", phase: "build", count: small, ...asked })
  child({ engine: "minisearch", phase: "build", count: small, ...few })
  child({ engine: "wink", phase: "build", count: small, ...few })
  child({ engine: "lancedb", phase: "build", count: large, ...asked })
}

function child(job: Omit<Job, "real" | "folder" | "root">): void {
  mkdirSync(folder, { recursive: true })
  const argument = JSON.stringify({ ...job, real, folder, root } satisfies Job)
  const flags = ["--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning", "--max-old-space-size=12000"]
  const script = join(root, "bench", "search-child.ts")
  const done = spawnSync(process.execPath, [...flags, script, argument], { encoding: "utf8", maxBuffer: 2 ** 26 })
  const line = done.stdout?.trim().split("\n").at(-1) ?? ""
  if (done.status === 0 && line.startsWith("{")) note(job.count, job.phase, JSON.parse(line) as Measurement)
  else missing.push(`${job.engine} on ${job.count} passages: ${reason(done.stderr)}`)
}

function python(count: number): void {
  const write = (name: string, lines: Iterable<unknown>): void => {
    let text = ""
    for (const line of lines) text += `${JSON.stringify(line)}\n`
    writeFileSync(join(folder, name), text)
  }
  const passages = readFileSync(real, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
  write("passages.jsonl", alteredPassages(passages, count))
  write("questions.jsonl", asked.questions)
  write("warm.jsonl", asked.warm)
  const done = spawnSync(given.python, [join(root, "bench", "search_bm25s.py"), folder], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  })
  const lines = (done.stdout ?? "").split("\n").filter((line) => line.startsWith("{"))
  for (const line of lines) note(count, "build", JSON.parse(line) as Measurement)
  if (lines.length < 2)
    missing.push(`bm25s on ${count} passages (--python): ${reason(done.stderr ?? done.error?.message)}`)
}

function reason(text: string | null | undefined): string {
  const lines = (text ?? "").trim().split("\n")
  return (lines.find((line) => /Error|rror:/.test(line)) ?? lines.at(-1) ?? "it did not run").slice(0, 200)
}

function note(count: number, phase: Job["phase"], measured: Measurement): void {
  const times = measured.times.toSorted((a, b) => a - b)
  const cpu = measured.cpuTimes.toSorted((a, b) => a - b)
  const at = (q: number, of = times): number => Number(of[Math.floor(q * of.length)]!.toPrecision(3))
  const row = {
    engine: phase === "open" ? `${measured.engine}, opened anew` : measured.engine,
    passages: count,
    "p50 ms": at(0.5),
    "p95 ms": at(0.95),
    "p50 CPU ms": at(0.5, cpu),
    "p95 CPU ms": at(0.95, cpu),
    "build s": measured.buildSeconds ? Number(measured.buildSeconds.toFixed(1)) : "",
    "passages/s": measured.buildSeconds ? Math.round(count / measured.buildSeconds) : "",
    "build CPU s": measured.buildCpuSeconds ? Number(measured.buildCpuSeconds.toFixed(1)) : "",
    "RSS MB": measured.megabytes ? Math.round(measured.megabytes) : "",
    "peak MB": Math.round(measured.peakMegabytes),
  }
  rows.push(row)
  process.stderr.write(`${JSON.stringify(row)}\n`)
}
