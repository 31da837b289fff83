/**
 * The same training on two engines: a real Tinker server and this process, from the same checkpoint, adapter, seed and rows. The
 * first run's samples are handed to the second in place of its own, so that both are about the same actions; what is compared is
 * what each engine computes: loss, advantages (with the KL to the initial policy in them), gradient norm, and the weights at the end.
 *
 *   node -C @swirl-ts/source scripts/e2e/skyrl-parity.ts <url> <base folder> <run folder> <steps>
 */
import { cpSync, mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { sandbox } from "@swirl-ts/bench-sandbox"
import {
  createRegistry,
  definePlugin,
  type Engine,
  type EngineFactory,
  type Host,
  type MetricRecord,
  type SampledSequence,
  type TrainingRow,
} from "@swirl-ts/core"
import { tinker } from "@swirl-ts/engine-tinker"
import { judges } from "@swirl-ts/judges"
import { local } from "@swirl-ts/local"
import { formats } from "@swirl-ts/runner"
import { train } from "@swirl-ts/stages"
import { calculator } from "@swirl-ts/tools-calculator"
import { search } from "@swirl-ts/tools-search"
import { trainer } from "@swirl-ts/trainer"

const [url, base, directory, steps = "10"] = process.argv.slice(2) as [string, string, string, string?]
const rank = 8
const first = join(directory, "first-adapter")
const sampled = new Map<string, SampledSequence[]>()
/** By step, the coefficients of every row: a row whose are all zero may be left out by one of them. */
const coefficients: Record<"tinker" | "local", Map<string, readonly number[]>[]> = { tinker: [], local: [] }

/** Says what it was given to train on. */
const told = (name: "tinker" | "local", engine: Engine, changes: Partial<Engine>): Engine => ({
  ...engine,
  ...changes,
  forwardBackward: (rows, loss) => {
    coefficients[name].push(new Map(rows.map((row: TrainingRow) => [rowKey(row), row.coefficients])))
    return engine.forwardBackward(rows, loss)
  },
})
const rowKey = ({ promptTokenIds, tokenIds }: TrainingRow): string => `${promptTokenIds} | ${tokenIds}`
const keyOf = (prompt: readonly number[], seed: number): string => `${seed} ${prompt.join(" ")}`

const engines: Record<string, EngineFactory> = {
  "on-tinker": {
    description: "keeps what it samples",
    async create({ policy }, host, services) {
      const engine = await tinker().engines.tinker.create({ policy, url, lora: rank }, host, services)
      await engine.saveState(first)
      return told("tinker", engine, {
        async sample(prompts, options) {
          const groups = await engine.sample(prompts, options)
          for (const [index, group] of groups.entries())
            sampled.set(keyOf(prompts[index]!, options.seeds[index]!), group)
          return groups
        },
      })
    },
  },
  "on-local": {
    description: "takes what the other has sampled",
    async create({ policy }, host) {
      const engine = await local().engines.local.create({ policy, backend: "wasm", lora: rank, loraAlpha: 32 }, host)
      // An optimiser that has taken no step, beside the adapter that the server began with.
      const untrained = join(directory, "untrained")
      mkdirSync(untrained, { recursive: true })
      await engine.saveState(untrained)
      cpSync(join(untrained, "optimizer.safetensors"), join(first, "optimizer.safetensors"))
      await engine.loadState(first)
      return told("local", engine, {
        sample: async (prompts, { seeds }) =>
          prompts.map((prompt, index) => sampled.get(keyOf(prompt, seeds[index]!))!),
      })
    },
  },
}

const both = definePlugin({ meta: { name: "both", version: "0.0.0", apiVersion: 1 }, engines })
const registry = createRegistry([sandbox(), calculator(), search(), judges(), formats(), local(), trainer(), both])
const host: Host = {
  cacheDirectory: join(directory, "cache"),
  workingDirectory: process.cwd(),
  environment: {},
  log: (line) => process.stderr.write(`  ${line}\n`),
}

interface Trained {
  records: MetricRecord[]
  weights: Map<string, Float32Array>
}

async function run(engine: string): Promise<Trained> {
  const { checkpoint } = await train(
    { registry, host, directory, seed: 7, concurrency: 8 },
    {
      name: engine,
      policy: `local:${base}`,
      algorithm: "swirl",
      engine,
      strategy: "process",
      judge: "grounded",
      rolloutTasks: 0,
      options: { iterations: Number(steps), states: 6, samples: 4, maxTokens: 32, checkpointEvery: Number(steps) },
    },
  )
  const text = readFileSync(join(directory, "train", engine, "metrics.jsonl"), "utf8")
  return {
    records: text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
    weights: tensorsOf(checkpoint),
  }
}

function tensorsOf(folder: string): Map<string, Float32Array> {
  const bytes = readFileSync(join(folder, "adapter_model.safetensors"))
  const start = 8 + Number(bytes.readBigUInt64LE(0))
  const { __metadata__: _, ...header } = JSON.parse(bytes.subarray(8, start).toString())
  return new Map(
    Object.entries(header as Record<string, { data_offsets: [number, number]; dtype: string }>).map(
      ([name, tensor]) => {
        if (tensor.dtype !== "F32") throw new Error(`${name} is ${tensor.dtype}; the comparison reads F32.`)
        const [from, to] = tensor.data_offsets
        return [
          name,
          new Float32Array(bytes.buffer.slice(bytes.byteOffset + start + from, bytes.byteOffset + start + to)),
        ]
      },
    ),
  )
}

const far = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length
    ? Array.from(a).reduce((most, value, index) => Math.max(most, Math.abs(value - b[index]!)), 0)
    : Number.POSITIVE_INFINITY

/** A row that is not there has no gradient: zeros. */
const farRows = (a: Map<string, readonly number[]>, b: Map<string, readonly number[]>): number =>
  Math.max(
    ...[...new Set([...a.keys(), ...b.keys()])].map((key) => {
      const zeros = (a.get(key) ?? b.get(key)!).map(() => 0)
      return far(a.get(key) ?? zeros, b.get(key) ?? zeros)
    }),
  )

const there = await run("on-tinker")
const here = await run("on-local")
const began = tensorsOf(first)
const values = ({ records }: Trained, name: string): number[] =>
  records.filter(({ step }) => step > 0).map(({ values: of }) => of[name] ?? Number.NaN)
const weights = [...there.weights].map(([name, own]) => far(own, here.weights.get(name) ?? []))
const moved = [...there.weights].map(([name, own]) => far(own, began.get(name) ?? []))
process.stdout.write(
  JSON.stringify({
    steps: values(there, "loss").length,
    trainedTokens: values(there, "trainedTokens").reduce((sum, count) => sum + count, 0),
    loss: far(values(there, "loss"), values(here, "loss")),
    advantages: Math.max(...coefficients.tinker.map((own, step) => farRows(own, coefficients.local[step]!))),
    gradientNorm: far(values(there, "gradientNorm"), values(here, "gradientNorm")),
    klPerToken: far(values(there, "klPerToken"), values(here, "klPerToken")),
    tensors: there.weights.size,
    sameTensors: JSON.stringify([...there.weights.keys()].sort()) === JSON.stringify([...here.weights.keys()].sort()),
    weights: Math.max(...weights),
    moved: Math.max(...moved),
  }),
)
process.exit(0)
