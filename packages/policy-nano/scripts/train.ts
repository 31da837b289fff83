/**
 * Pre-trains the embedded policy: a stage on mostly clean demonstrations, then two short ones on the demonstrators'
 * habits. Writes `model-clean/` and `model/` beside this folder, or under `--out`. `--noise-only` begins at the clean weights that
 * are there, or at the package's own.
 *
 *   npm run nano:train -- [--seed 0] [--backend native|wasm] [--out DIR] [--scale 1] [--noise-only]
 */
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { clean, impatientPersona, persona } from "@swirl-ts/bench-sandbox/demonstration"
import { countParameters, initBackend, loadModel, saveModel, type TransformerModel } from "@swirl-ts/transformer"
import { accuracyLine, developmentAccuracy } from "./development.ts"
import { createEnvironment } from "./environment.ts"
import { writeTokenizer } from "./nano-tokenizer.ts"
import { initNano, nanoConfig } from "./shape.ts"
import { type StageSettings, trainStage } from "./stage.ts"

const here = dirname(fileURLToPath(import.meta.url))
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "0" },
    backend: { type: "string", default: "native" },
    out: { type: "string", default: dirname(here) },
    peers: { type: "string", default: resolve(here, "../../../.swirl/peers") },
    scale: { type: "string", default: "1" },
    tasks: { type: "string", default: "300" },
    "noise-only": { type: "boolean", default: false },
  },
})
const seed = Number(values.seed)
const scale = Number(values.scale)
const tasks = Number(values.tasks)
if (!Number.isInteger(seed) || !(scale > 0)) throw new Error("--seed takes a whole number, --scale a positive one.")
if (values.backend !== "native" && values.backend !== "wasm") throw new Error("--backend is native or wasm.")

const stages: readonly StageSettings[] = [
  {
    name: "clean",
    seed,
    steps: Math.round(2650 * scale),
    learningRate: 4e-3,
    warmupSteps: 50,
    batch: 48,
    manners: [
      [clean, 0.7],
      [persona, 0.3],
    ],
  },
  ...[250, 150].map((steps, index) => ({
    name: `habits ${index + 1}`,
    seed,
    steps: Math.round(steps * scale),
    learningRate: 1e-3,
    warmupSteps: 20,
    batch: 48,
    manners: [[impatientPersona, 1]] as const,
  })),
]

await initBackend(values.backend, { peersDirectory: values.peers })
const respond = await createEnvironment()
const out = resolve(values.out)
const folders = { clean: join(out, "model-clean"), habits: join(out, "model") }
const log = join(folders.habits, "training-log.jsonl")
mkdirSync(folders.habits, { recursive: true })
writeFileSync(log, "")

const say = (text: string): void => void process.stderr.write(`${text}\n`)
const record = (entry: object): void => appendFileSync(log, `${JSON.stringify(entry)}\n`)

async function save(model: TransformerModel, directory: string, stage: string): Promise<void> {
  writeTokenizer(directory)
  saveModel(directory, model, {
    config: { model_type: "llama", architectures: ["LlamaForCausalLM"] },
    generationConfig: { eos_token_id: nanoConfig.endTokenIds[0], pad_token_id: 0, max_new_tokens: 18 },
  })
  say(`saved ${directory}`)
  for (const row of await developmentAccuracy(model, tasks, respond)) {
    say(`  ${accuracyLine(row)}`)
    record({ kind: "development", stage, ...row })
  }
}

const cleanWeights = existsSync(folders.clean) ? folders.clean : join(dirname(here), "model-clean")
const model = values["noise-only"] ? loadModel(cleanWeights) : initNano(seed)
say(`${countParameters(nanoConfig)} parameters, seed ${seed}, backend ${values.backend}`)
record({
  kind: "run",
  seed,
  scale,
  backend: values.backend,
  parameters: countParameters(nanoConfig),
  stages: stages.map(({ manners, ...rest }) => rest),
})
for (const settings of stages) {
  if (settings.name === "clean" && values["noise-only"]) continue
  await trainStage(model, settings, respond, (progress) => {
    record({ kind: "progress", ...progress })
    say(
      `${progress.stage} ${progress.step}/${progress.steps}  loss ${progress.loss.toFixed(4)}  ` +
        `${(progress.tokens / 1e6).toFixed(2)} M tokens  ${progress.tokensPerSecond.toFixed(0)}/s  ${progress.seconds.toFixed(0)} s`,
    )
  })
  if (settings.name === "clean") await save(model, folders.clean, settings.name)
}
await save(model, folders.habits, stages.at(-1)!.name)
