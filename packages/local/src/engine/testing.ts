/** A tiny policy for the engine's tests: random weights, one id a letter. */
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { disposeModel, initModel, saveModel } from "@swirl-ts/transformer"
import { loadPolicy, type Policy } from "../policy.ts"

const vocabulary = ["<unk>", "<user>", "<model>", "<end>", ..."abcdefghijkl"]
export const endToken = 3

/** The same seed gives the same weights. */
export function tinyPolicy(seed = 1): Policy {
  const directory = mkdtempSync(join(tmpdir(), "swirl-engine-"))
  const write = (name: string, value: unknown): void => writeFileSync(join(directory, name), JSON.stringify(value))
  write("tokenizer.json", {
    added_tokens: [],
    pre_tokenizer: { type: "Split", pattern: { Regex: "<\\w+>|[\\s\\S]" }, behavior: "Isolated", invert: false },
    decoder: { type: "Fuse" },
    model: {
      type: "WordLevel",
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
      unk_token: "<unk>",
    },
  })
  write("tokenizer_config.json", {
    eos_token: "<end>",
    unk_token: "<unk>",
    chat_template: "{% for m in messages %}<user>{{ m['content'] }}<end>{% endfor %}<model>",
  })
  const model = initModel(
    {
      vocabularySize: vocabulary.length,
      hiddenSize: 16,
      layers: 2,
      heads: 2,
      keyValueHeads: 1,
      headSize: 8,
      innerSize: 24,
      maxPositions: 64,
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
  return loadPolicy(directory)
}

/** Live tensors of the process, from the engine that TensorFlow.js keeps in the global object. */
export function tensorCount(): number {
  const { _tfengine } = globalThis as unknown as { _tfengine: { memory(): { numTensors: number } } }
  return _tfengine.memory().numTensors
}
