/** Models from disk into the active backend, and back into a folder in Hugging Face layout. */
import { join, mkdirSync } from "@swirl-ts/platform"
import * as tf from "@tensorflow/tfjs-core"
import { type Checkpoint, openCheckpoint } from "./checkpoint.ts"
import { configText, configToJson, parseConfig } from "./config-json.ts"
import { hasHalves, toHalf, valuesOf } from "./half-tensor.ts"
import { embeddingName, headOfItsOwn, parameterNames, parameterShapes } from "./parameters.ts"
import { writeAtomically, writeSafetensors } from "./safetensors.ts"
import { writeJson, writeTokenizer } from "./tokenizer-folder.ts"
import type { TransformerConfig } from "./transformer-config.ts"
import { createModel, type TransformerModel, type Weights, weightOf } from "./transformer-model.ts"

/** The shape that the config.json of a folder says, or the metadata of a GGUF file. */
export const readConfig = (path: string): TransformerConfig => configOf(openCheckpoint(path))

function configOf(checkpoint: Checkpoint): TransformerConfig {
  const { json, file } = checkpoint.config()
  return parseConfig(json, file)
}

/**
 * Loads a model from a folder or a GGUF file. Weights become f32, with `precision: "bf16"` its matrices bf16, one at a time: native
 * only, and not to be trained but through an adapter. Throws where a weight is missing, has another shape, is
 * no number somewhere, or is none that such a model has. An output matrix of its own goes before `tie_word_embeddings`.
 */
export function loadModel(path: string, { precision = "f32" }: { precision?: Precision } = {}): TransformerModel {
  if (precision === "bf16" && !hasHalves())
    throw new Error("bf16 is computed on the native backend only; here it is f32.")
  const checkpoint = openCheckpoint(path)
  const config = configOf(checkpoint)
  const shapes = parameterShapes({ ...config, tiedEmbeddings: false })
  const weights: Weights = {}
  try {
    const wanted = (name: string): boolean => weights[name] === undefined && !isBuffer(name)
    for (const { name, file, shape, data } of checkpoint.weights(wanted)) {
      const expected = shapes.get(name)
      if (!expected) throw new Error(`${file}: ${name} is no weight of the model that config.json says.`)
      if (`${shape}` !== `${expected}`)
        throw new Error(`${file}: ${name} has shape [${shape}], config.json asks for [${expected}].`)
      const wrong = data.findIndex((value) => !Number.isFinite(value))
      if (wrong >= 0) throw new Error(`${file}: ${name} is ${data[wrong]} at place ${wrong}: the file is damaged.`)
      const weight = tf.tensor(data, [...shape], "float32")
      weights[name] = precision === "bf16" && weight.rank === 2 ? rounded(weight) : weight
    }
    // A tied model may have been saved by its output matrix alone.
    if (config.tiedEmbeddings && weights[embeddingName] === undefined && weights[headOfItsOwn] !== undefined) {
      weights[embeddingName] = weights[headOfItsOwn]
      delete weights[headOfItsOwn]
    }
    const tiedEmbeddings = config.tiedEmbeddings && !hasOwnHead(weights)
    const missing = parameterNames({ ...config, tiedEmbeddings }).filter((name) => weights[name] === undefined)
    if (missing.length > 0)
      throw new Error(
        `${path}: ${missing.length} weights are missing, the first is ${missing[0]}. Is every shard there?`,
      )
    return createModel({ ...config, tiedEmbeddings }, weights)
  } catch (error) {
    tf.dispose(Object.values(weights))
    throw error
  }
}

/** How the matrices of a frozen base are held and multiplied. */
export type Precision = "f32" | "bf16"

function rounded(weight: tf.Tensor): tf.Tensor {
  const half = toHalf(weight)
  weight.dispose()
  return half
}

/** What older versions of transformers saved beside the weights; it follows from the config. */
const isBuffer = (name: string): boolean =>
  /(^|\.)(rotary_emb\.((original_)?inv_freq|(cos|sin)_cached)|(self_)?attn\.bias|masked_bias|position_ids)$/.test(name)

/** An output matrix that is not the embedding itself; a copy of it is let go. Merged adapters leave such files. */
function hasOwnHead(weights: Weights): boolean {
  const { [headOfItsOwn]: head, [embeddingName]: embedding } = weights
  if (!head || !embedding) return false
  const values = valuesOf(embedding)
  if (valuesOf(head).some((value, index) => value !== values[index])) return true
  head.dispose()
  delete weights[headOfItsOwn]
  return false
}

/** What else goes into a saved folder. */
export interface SaveExtras {
  /** A folder or GGUF file whose tokenizer and generation_config.json are written too. */
  tokenizerFrom?: string
  /** Fields laid over config.json. */
  config?: Readonly<Record<string, unknown>>
  /** Written as generation_config.json in place of that one. */
  generationConfig?: Readonly<Record<string, unknown>>
}

/** Writes a folder that `transformers` and `loadModel` load. Each file is replaced atomically, config.json last. */
export function saveModel(directory: string, model: TransformerModel, extras: SaveExtras = {}): void {
  mkdirSync(directory, { recursive: true })
  writeSafetensors(
    join(directory, "model.safetensors"),
    parameterNames(model.config).map((name) => {
      const weight = weightOf(model, name)
      return { name, shape: weight.shape, data: () => valuesOf(weight) }
    }),
  )
  const { tokenizerFrom } = extras
  if (tokenizerFrom !== undefined) writeTokenizer(directory, tokenizerFrom)
  const generation = extras.generationConfig ?? (tokenizerFrom && openCheckpoint(tokenizerFrom).generationConfig())
  if (generation) writeJson(join(directory, "generation_config.json"), generation)
  const config = configText({ ...configToJson(model.config), ...extras.config })
  writeAtomically(join(directory, "config.json"), () => [Buffer.from(config)])
}
