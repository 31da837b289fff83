/**
 * What a batch of conversations takes: seconds and memory of decode steps of a model's own size, on native in bf16. Rows begin
 * alike, as questions behind the same examples do, end at different lengths, and others take their places; those that ended
 * stay in a cache.
 *   npm run bench -- decode <file.gguf or folder> [--rows 96] [--shared 300] [--steps 300] [--peers .swirl/peers] [--json]
 */
import { parseArgs } from "node:util"
import { random } from "@swirl-ts/core"
import { createDecoder, createPrefixCache, initBackend, loadModel } from "@swirl-ts/transformer"
import * as tf from "@tensorflow/tfjs-core"
import { tellFigures } from "./figures.ts"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: "string", default: "96" },
    shared: { type: "string", default: "300" },
    steps: { type: "string", default: "300" },
    peers: { type: "string", default: ".swirl/peers" },
    json: { type: "boolean", default: false },
  },
})
const [path] = positionals
if (path === undefined) throw new Error("Name a model: npm run bench -- decode <file.gguf or folder>.")
const [rows, shared, most] = [values.rows, values.shared, values.steps].map(Number) as [number, number, number]

const tokens = (seed: number, count: number): number[] => {
  const draw = random(seed)
  return Array.from({ length: count }, () => draw.integer(2, 5000))
}

await initBackend("native", { peersDirectory: values.peers })
const model = loadModel(path, { precision: "bf16" })
const loaded = process.memoryUsage.rss() / 2 ** 20
const prefixCache = createPrefixCache(model.config, { maxBytes: 2 ** 30 })
const decoder = createDecoder(model, { stopTokenIds: [], maxRows: rows, prefixCache })
const beginning = tokens(0, shared)
for (let row = 1; row <= rows * 1.5; row++) {
  const promptTokenIds = [...beginning, ...tokens(row, 60 + (row % 40))]
  decoder.add({ promptTokenIds, seed: row, maxTokens: 80 + ((row * 37) % 220), temperature: 1 })
}
const started = performance.now()
let [steps, ended, tensors] = [0, 0, 0]
for (; decoder.pending > 0 && steps < most; steps++) {
  ended += decoder.step().length
  tensors = Math.max(tensors, tf.memory().numBytes / 2 ** 20)
}
const seconds = (performance.now() - started) / 1000
tellFigures(
  "decode",
  [
    { name: `${steps} decode steps of up to ${rows} rows, prompts included`, value: seconds, unit: "s" },
    { name: "conversations that ended", value: ended, unit: "" },
    { name: "memory once the model was there", value: loaded, unit: "MiB" },
    { name: "most in tensors, by TensorFlow.js' count", value: tensors, unit: "MiB" },
    { name: "peak resident memory", value: process.resourceUsage().maxRSS / 1024, unit: "MiB" },
  ],
  { json: values.json, model: path, rows, shared },
)
