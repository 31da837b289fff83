/**
 * Saves a changed copy of each fixture and of a GGUF file, and a fresh model, each with the logits we compute for it, and the
 * ids of texts where it has a tokenizer. The other half is check-saved-checkpoint.py.
 * Run: node -C @swirl-ts/source packages/transformer/scripts/save-checkpoint.ts <folder>
 */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import {
  adamStep,
  createGradients,
  createOptimiser,
  forward,
  forwardBackward,
  initBackend,
  initModel,
  loadModel,
  loadTokenizer,
  readConfig,
  saveModel,
  stateActionsOf,
  type TransformerModel,
  writeSafetensors,
} from "../src/index.ts"

const folder = process.argv[2]
if (folder === undefined) throw new Error("Usage: save-checkpoint.ts <folder>")
await initBackend("wasm")
const texts = ["Hello 12 345", "<|im_start|>user\n  naïve e\u0301 😀<|im_end|>\n", "a<tool>b", "\n\n  def f(x):"]
const conversation = [{ role: "user", content: "What is 7 * 8?" }]
const ids = [0, 5, 17, 33, 2, 2, 41, 9]

function save(name: string, model: TransformerModel, tokenizerFrom?: string): void {
  const gradients = createGradients()
  const sequence = { tokenIds: ids, coefficients: ids.map((_, i) => (i === 0 ? 0 : 1)) }
  forwardBackward(model, [stateActionsOf(sequence)], gradients, { normaliser: 7 })
  adamStep(model, gradients, createOptimiser(), { learningRate: 0.01 })
  const target = join(folder!, name)
  mkdirSync(target, { recursive: true })
  saveModel(target, model, { generationConfig: { eos_token_id: 1 }, tokenizerFrom })
  const logits = forward(model, ids)
  writeSafetensors(join(target, "ours.safetensors"), [
    { name: "ids", shape: [ids.length], data: () => Float32Array.from(ids) },
    { name: "logits", shape: logits.shape, data: () => logits.dataSync() as Float32Array },
  ])
  if (tokenizerFrom === undefined) return
  const tokenizer = loadTokenizer(tokenizerFrom)
  const cases = texts.map((text) => ({ text, ids: tokenizer.encode(text) }))
  const prompt = tokenizer.applyChatTemplate?.(conversation)
  writeFileSync(join(target, "ours.json"), JSON.stringify({ cases, conversation, prompt }))
}

const folderOf = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
for (const name of ["tied-grouped", "untied-full", "sharded-odd", "bfloat16"])
  save(name, loadModel(folderOf(`fixtures/transformer/${name}`)))
const gguf = folderOf("fixtures/transformer/gguf/chat.gguf")
save("gguf", loadModel(gguf), gguf)
save("fresh", initModel(readConfig(folderOf("packages/policy-nano/model")), 1))
