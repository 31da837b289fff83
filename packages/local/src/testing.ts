/** A tiny policy on disk for tests: random weights, one id a letter, the embedded policy's chat template. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Host } from "@swirl-ts/core"
import { disposeModel, initModel, saveModel } from "@swirl-ts/transformer"

const special = ["<pad>", "<unk>", "<user>", "<model>", "<end>"]
const letters = [..."abcdefghijklmnopqrstuvwxyzUA0123456789 :.?\n<>/-"]
export const vocabulary = [...special, ...letters]

const chatTemplate =
  "{% for message in messages %}{% if message['role'] == 'assistant' %}<model>{{ message['content'] }}<end>" +
  "{% else %}<user>{{ message['content'] }}<end>{% endif %}{% endfor %}" +
  "{% if add_generation_prompt %}<model>{% endif %}"

export const tokenizerJson = {
  added_tokens: special.map((content, id) => ({ id, content, special: true, normalized: false })),
  pre_tokenizer: { type: "Split", pattern: { Regex: "[\\s\\S]" }, behavior: "Isolated", invert: false },
  decoder: { type: "Fuse" },
  model: {
    type: "WordLevel",
    vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
    unk_token: "<unk>",
  },
}

/** Writes the policy and returns its folder. Needs a started backend. */
export function writeTinyPolicy(options: { template?: boolean; seed?: number } = {}): string {
  const directory = mkdtempSync(join(tmpdir(), "swirl-tiny-"))
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, "tokenizer.json"), JSON.stringify(tokenizerJson))
  const config = {
    eos_token: "<end>",
    unk_token: "<unk>",
    ...(options.template === false ? {} : { chat_template: chatTemplate }),
  }
  writeFileSync(join(directory, "tokenizer_config.json"), JSON.stringify(config))
  const shape = { layers: 2, heads: 4, keyValueHeads: 2, headSize: 8, hiddenSize: 32, innerSize: 48 }
  const model = initModel(
    {
      ...shape,
      vocabularySize: vocabulary.length,
      maxPositions: 128,
      ropeTheta: 10_000,
      normEpsilon: 1e-5,
      tiedEmbeddings: true,
      endTokenIds: [4],
    },
    options.seed ?? 1,
    0.4,
  )
  saveModel(directory, model)
  disposeModel(model)
  return directory
}

export const testHost = (changes: Partial<Host> = {}): Host => ({
  cacheDirectory: mkdtempSync(join(tmpdir(), "swirl-cache-")),
  workingDirectory: mkdtempSync(join(tmpdir(), "swirl-work-")),
  environment: { SWIRL_BACKEND: "wasm" },
  log: () => {},
  ...changes,
})

/** Live tensors of the process, from the engine that TensorFlow.js keeps in the global object. */
export function tensorCount(): number {
  const { _tfengine } = globalThis as unknown as { _tfengine: { memory(): { numTensors: number } } }
  return _tfengine.memory().numTensors
}
