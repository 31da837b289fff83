/**
 * Sentence encoders by transformers.js on the CPU: mean of the last hidden states over tokens that are no padding, scaled
 * to length 1 (Reimers and Gurevych 2019, section 3). The reference is a folder in transformers.js's layout
 * (`config.json`, `tokenizer.json`, `onnx/model.onnx`) or a name on the Hugging Face hub.
 */
import { existsSync, readFileSync } from "node:fs"
import { readdir } from "node:fs/promises"
import { join, resolve } from "node:path"
import { type Embedder, type EmbedderProvider, errorMessage, SwirlError } from "@swirl-ts/core"
import { filesDigest } from "@swirl-ts/kit"
import { type EmbeddersSettings, prefixIdentity } from "./options.ts"
import { importTransformers, type Tensor } from "./transformers-peer.ts"
import { cachedEmbedder } from "./vector-cache.ts"
import { inBatches, normalise } from "./vectors.ts"

export const transformersProvider = (settings: EmbeddersSettings): EmbedderProvider => ({
  description: "sentence encoders on this machine by transformers.js: transformers:<folder or hub name>",
  async open(reference, _options, host) {
    const transformers = await importTransformers(host)
    const folder = resolve(host.workingDirectory, reference)
    const local = existsSync(join(folder, "config.json"))
    if (!local && /^[./]/.test(reference)) {
      throw new SwirlError(`There is no model in ${folder}: it has no config.json.`, { kind: "usage" })
    }
    transformers.env.allowRemoteModels = !local
    transformers.env.cacheDir = join(host.cacheDirectory, "transformers")
    if (host.environment.HF_ENDPOINT) transformers.env.remoteHost = host.environment.HF_ENDPOINT
    const name = local ? folder : reference
    const [tokenizer, model] = await Promise.all([
      transformers.AutoTokenizer.from_pretrained(name),
      transformers.AutoModel.from_pretrained(name, { dtype: "fp32", device: "cpu" }),
    ]).catch((cause) => {
      throw new SwirlError(`The encoder ${name} could not be loaded: ${errorMessage(cause)}`, { cause })
    })
    const longest = local ? longestSequence(folder) : undefined
    const run = async (texts: readonly string[]): Promise<Float32Array[]> => {
      const inputs = tokenizer([...texts], {
        padding: true,
        truncation: true,
        ...(longest ? { max_length: longest } : {}),
      })
      const output = await model(inputs)
      const states = output.last_hidden_state ?? output.token_embeddings
      if (!states) throw new SwirlError(`The encoder ${name} gives no last hidden states.`)
      return meanPooling(states, inputs.attention_mask!)
    }
    const weights = local ? await modelHash(folder) : reference
    const embedder: Embedder = {
      identity: `transformers:${weights}${longest ? `:${longest}` : ""}${prefixIdentity(settings)}`,
      dimensions: (await run(["dimensions"]))[0]!.length,
      async embed(texts, { kind, abortSignal }) {
        const prefix = kind === "query" ? settings.queryPrefix : settings.passagePrefix
        // Texts of about one length together: little padding.
        const order = texts.map((_, i) => i).sort((a, b) => texts[a]!.length - texts[b]!.length)
        const sorted = order.map((i) => prefix + texts[i]!)
        const vectors = await inBatches(sorted, Math.min(16, settings.batchSize), 1, (batch) => {
          abortSignal?.throwIfAborted()
          return run(batch)
        })
        const inOrder: Float32Array[] = []
        order.forEach((i, place) => {
          inOrder[i] = vectors[place]!
        })
        return inOrder
      },
      close: async () => void (await model.dispose()),
    }
    return cachedEmbedder(embedder, host, 256)
  },
})

/** `states` [batch, length, hidden], `mask` [batch, length]. */
export function meanPooling(states: Tensor, mask: Tensor): Float32Array[] {
  const [batch = 0, length = 0, hidden = 0] = states.dims
  const values = states.data as Float32Array
  return Array.from({ length: batch }, (_, row) => {
    const sum = new Float32Array(hidden)
    for (let token = 0; token < length; token++) {
      if (!Number(mask.data[row * length + token])) continue
      const at = (row * length + token) * hidden
      for (let i = 0; i < hidden; i++) sum[i]! += values[at + i]!
    }
    // The mean points where the sum points; only the direction is kept.
    return normalise(sum)
  })
}

/** Tokens that the model was trained with, as sentence-transformers writes it down. */
function longestSequence(folder: string): number | undefined {
  try {
    const { max_seq_length: longest } = JSON.parse(readFileSync(join(folder, "sentence_bert_config.json"), "utf8"))
    return Number.isInteger(longest) && longest > 0 ? longest : undefined
  } catch {
    return undefined
  }
}

/** A hash of what decides about the vectors: weights, tokenizer and configuration. Files that are not there change nothing. */
export async function modelHash(folder: string): Promise<string> {
  // Data outside the weights' file has the name that the file gives it; what belongs to another `.onnx` is not looked at.
  const weights = (await readdir(join(folder, "onnx"), { withFileTypes: true }))
    .filter((entry) => !entry.isDirectory() && (!entry.name.includes(".onnx") || entry.name.startsWith("model.onnx")))
    .map((entry) => `onnx/${entry.name}`)
    .sort()
  const files = ["config.json", "tokenizer.json", "tokenizer_config.json", ...weights]
  const there = files.filter((name) => existsSync(join(folder, name)))
  return (await filesDigest(folder, there)).slice(0, 16)
}
