/** A tiny policy on disk for tests: random weights, one id a letter, the embedded policy's chat template. */
import type { Host } from "@swirl-ts/core"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { disposeModel, initModel, saveModel } from "@swirl-ts/transformer"
import { loadPolicy, type Policy } from "../src/policy.ts"

const special = ["<pad>", "<unk>", "<user>", "<model>", "<end>"]
const allLetters = "abcdefghijklmnopqrstuvwxyzUA0123456789 :.?\n<>/-"
export const endToken = special.indexOf("<end>")

const chatTemplate =
  "{% for message in messages %}{% if message['role'] == 'assistant' %}<model>{{ message['content'] }}<end>" +
  "{% else %}<user>{{ message['content'] }}<end>{% endif %}{% endfor %}" +
  "{% if add_generation_prompt %}<model>{% endif %}"

/** Writes the policy and returns its folder; the same seed gives the same weights. Needs a started backend. */
export function writeTinyPolicy({ template = true, seed = 1, letters = allLetters } = {}): string {
  const vocabulary = [...special, ...letters]
  const directory = temporaryFolder({
    "tokenizer.json": {
      added_tokens: special.map((content, id) => ({ id, content, special: true, normalized: false })),
      pre_tokenizer: { type: "Split", pattern: { Regex: "[\\s\\S]" }, behavior: "Isolated", invert: false },
      decoder: { type: "Fuse" },
      model: {
        type: "WordLevel",
        vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
        unk_token: "<unk>",
      },
    },
    "tokenizer_config.json": {
      eos_token: "<end>",
      unk_token: "<unk>",
      chat_template: template ? chatTemplate : undefined,
    },
  })
  const model = initModel(
    {
      layers: 2,
      heads: 4,
      keyValueHeads: 2,
      headSize: 8,
      hiddenSize: 32,
      innerSize: 48,
      vocabularySize: vocabulary.length,
      maxPositions: 128,
      ropeTheta: 10_000,
      normEpsilon: 1e-5,
      tiedEmbeddings: true,
      endTokenIds: [endToken],
    },
    seed,
    0.3,
  )
  saveModel(directory, model)
  disposeModel(model)
  return directory
}

/** One with few letters, loaded: little to try out before a training finds what is rewarded. */
export const tinyPolicy = (seed = 1): Policy => loadPolicy(writeTinyPolicy({ seed, letters: "abcdefghijkl" }))

export const wasmHost = (changes: Partial<Host> = {}): Host =>
  testHost({ environment: { SWIRL_BACKEND: "wasm" }, ...changes })

/** Live tensors of the process, from the engine that TensorFlow.js keeps in the global object. */
export function tensorCount(): number {
  const { _tfengine } = globalThis as unknown as { _tfengine: { memory(): { numTensors: number } } }
  return _tfengine.memory().numTensors
}
