/** Asks by every variant, one `swirl eval` after another in a folder each, and writes the record after each of them. */
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { basename, join } from "node:path"
import { EvalSampleSchema, recordedPrompting, TrajectorySchema } from "@swirl-ts/core"
import { askedOnce, type MeasuredPrompt, type PromptRecord } from "./record.ts"
import type { Variant } from "./variants.ts"

export interface Measurement {
  benchmark: string
  model: string
  split: string
  /** How many. */
  questions: string
  /** Folder of the run folders. */
  out: string
  /** Further flags of `swirl eval`. */
  more: readonly string[]
}

interface Evaluated {
  cells: [{ metric: string; file: string; errors: number; provenance: { gitRevision?: string } }]
}

export function measurePrompts(measurement: Measurement, variants: readonly Variant[]): PromptRecord {
  const { benchmark, model, split, out, more } = measurement
  mkdirSync(out, { recursive: true })
  const rows: MeasuredPrompt[] = []
  const record: PromptRecord = {
    schema: "swirl.prompts/1",
    benchmark,
    split,
    model: withoutFolder(model),
    flags: more.map(withoutFolder),
    measured: {
      date: new Date().toISOString().slice(0, 10),
      machine: `${cpus().length} cores, ${process.platform} ${process.arch}, Node ${process.version}`,
    },
    rows,
  }
  for (const variant of variants) {
    const run = join(out, variant.name)
    const started = performance.now()
    const evaluated = evaluate(measurement, variant, run)
    const seconds = Math.round((performance.now() - started) / 100) / 10
    rows.push({ ...readRow(evaluated, variant, run), seconds })
    record.measured.gitRevision = evaluated.cells[0].provenance.gitRevision
    writeFileSync(join(out, "prompts.json"), recordText(record))
  }
  return record
}

function evaluate({ benchmark, model, split, questions, more }: Measurement, { name, flags }: Variant, run: string) {
  const what = ["eval", benchmark, "--split", split, "--limit", questions, "--model", model, "--run", run, "--json"]
  console.error(`${name}: swirl ${[...what, ...flags, ...more].join(" ")}`)
  const { status, stdout } = spawnSync(
    process.execPath,
    [...process.execArgv, "packages/cli/bin/swirl.mjs", ...what, ...flags, ...more],
    { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8", maxBuffer: 1e9 },
  )
  // 3: some questions ended in an error, and have no line.
  if (status !== 0 && status !== 3) throw new Error(`${name} ended with exit code ${status}; run it again to go on`)
  return JSON.parse(stdout) as Evaluated
}

function readRow({ cells: [{ metric, file }] }: Evaluated, { name, flags }: Variant, run: string) {
  const trajectories = new Map(
    linesOf(file.replace(/\.jsonl$/, ".trajectories.jsonl")).map((line) => {
      const trajectory = TrajectorySchema.parse(line)
      return [trajectory.id, trajectory] as const
    }),
  )
  const questions = linesOf(file).flatMap((line) => {
    const sample = EvalSampleSchema.parse(line)
    return askedOnce(sample, trajectories.get(sample.trajectoryId)!) ?? []
  })
  const { spec } = JSON.parse(readFileSync(join(run, "run.json"), "utf8")) as {
    spec: Record<string, Record<string, unknown>>
  }
  const [settings] = Object.entries(spec).flatMap(([stage, each]) => (stage.startsWith("eval/") ? [each] : []))
  const template = recordedPrompting(settings)?.template
  const prompt = template && { file: withoutFolder(template.source), digest: template.digest, text: template.text }
  return { name, flags: flags.map(withoutFolder), prompt, metric, questions }
}

const linesOf = (path: string): unknown[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown)

/** Where a file or a model in one lies is the machine's: `local:/models/a.gguf` is `local:a.gguf`. */
function withoutFolder(text: string): string {
  const [, prefix = "", path = ""] = /^([a-z]+:)?(.*)$/.exec(text)!
  return existsSync(path) ? `${prefix}${basename(path)}` : text
}

/** A line a question. */
const recordText = ({ rows, ...record }: PromptRecord): string => {
  const head = JSON.stringify(record).slice(0, -1)
  const texts = rows.map(({ questions, ...row }) => {
    const asked = questions.map((each) => `  ${JSON.stringify(each)}`).join(",\n")
    return `${JSON.stringify(row).slice(0, -1)},"questions":[\n${asked}\n]}`
  })
  return `${head},"rows":[\n${texts.join(",\n")}\n]}\n`
}
