/**
 * A tiny checkpoint for whole runs of an action format: its tokens are whole stretches of speech, each said as often as asked.
 * Invariant: after a stretch it ends its turn, and after whatever was put into the turn it says another one.
 */
import { cp } from "node:fs/promises"
import { temporaryFolder } from "@swirl-ts/test-support"
import { disposeModel, initBackend, initModel, replaceWeight, saveModel } from "@swirl-ts/transformer"
import * as tf from "@tensorflow/tfjs-core"

const end = "<|im_end|>"
const letters = Array.from({ length: 96 }, (_, at) => (at === 0 ? "\n" : String.fromCharCode(31 + at)))

/** Writes it to `folder`. `said`: each stretch with how often of a hundred it is said. */
export async function writeSpeakingCheckpoint(
  folder: string,
  said: ReadonlyMap<string, number>,
  chatTemplate: string,
): Promise<void> {
  const tokens = ["<unk>", end, "<|im_start|>", ...said.keys(), ...letters]
  await writeWeights(folder, said, tokens)
  const files = {
    "tokenizer.json": {
      added_tokens: tokens.slice(0, 3 + said.size).map((content, id) => ({
        id,
        content,
        special: id < 3,
        normalized: false,
      })),
      pre_tokenizer: { type: "Split", pattern: { Regex: "[\\s\\S]" }, behavior: "Isolated", invert: false },
      decoder: { type: "Fuse" },
      model: {
        type: "WordLevel",
        vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
        unk_token: "<unk>",
      },
    },
    "tokenizer_config.json": { eos_token: end, unk_token: "<unk>", chat_template: chatTemplate },
  }
  await cp(temporaryFolder(files), folder, { recursive: true })
}

/** Dimension 0 is always on, dimension 1 after a whole stretch. */
async function writeWeights(
  folder: string,
  said: ReadonlyMap<string, number>,
  tokens: readonly string[],
): Promise<void> {
  await initBackend("wasm")
  const size = 16
  const policy = initModel(
    {
      layers: 1,
      heads: 2,
      keyValueHeads: 2,
      headSize: 8,
      hiddenSize: size,
      innerSize: 16,
      vocabularySize: tokens.length,
      maxPositions: 4096,
      ropeTheta: 10_000,
      normEpsilon: 1e-5,
      tiedEmbeddings: false,
      endTokenIds: [1],
    },
    1,
  )
  const rows = (of: (token: string) => number[]) =>
    tf.tensor2d(tokens.map((token) => [...of(token), ...new Array<number>(size - 2).fill(0)]))
  replaceWeight(
    policy,
    "model.embed_tokens.weight",
    rows((token) => [1, said.has(token) ? 1 : 0]),
  )
  for (const part of ["self_attn.o_proj", "mlp.down_proj"]) {
    replaceWeight(policy, `model.layers.0.${part}.weight`, tf.zeros([size, size]))
  }
  const scale = Math.sqrt(size)
  replaceWeight(
    policy,
    "lm_head.weight",
    rows((token) => {
      const share = said.get(token)
      return token === end ? [-9, 20] : [share ? Math.log(share) / scale : -9, 0]
    }),
  )
  saveModel(folder, policy)
  disposeModel(policy)
}
