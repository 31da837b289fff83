/**
 * Models on disk in Hugging Face layout: config.json, model.safetensors (or shards with an index), tokenizer files.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as tf from "@tensorflow/tfjs-core"
import { embeddingName, headOfItsOwn, parameterNames, parameterShapes } from "./parameters.ts"
import { readSafetensors, writeAtomically, writeSafetensors } from "./safetensors.ts"
import { configToJson, parseConfig, type TransformerConfig } from "./transformer-config.ts"
import { createModel, type TransformerModel, type Weights, weightOf } from "./transformer-model.ts"

const tokenizerFiles = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja"]

/** Reads a JSON file; an error names it. */
export function readJson(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, "utf8")
  } catch (error) {
    throw new Error(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? error}).`)
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${file}: not JSON (${(error as Error).message}).`)
  }
}

/** The shape that a folder's config.json says. */
export function readConfig(directory: string): TransformerConfig {
  const file = join(directory, "config.json")
  return parseConfig(readJson(file), file)
}

/**
 * Loads a Llama model from a folder. F16 and BF16 weights become f32. Throws where a weight is missing, has another shape, is
 * no number somewhere, or is none that such a model has. An output matrix of its own goes before `tie_word_embeddings`.
 */
export function loadModel(directory: string): TransformerModel {
  const config = readConfig(directory)
  const shapes = parameterShapes({ ...config, tiedEmbeddings: false })
  const weights: Weights = {}
  try {
    for (const file of weightFiles(directory))
      readSafetensors(
        file,
        ({ name, shape }, data) => {
          const expected = shapes.get(name)
          if (!expected) throw new Error(`${file}: ${name} is no weight of a plain Llama model.`)
          if (`${shape}` !== `${expected}`)
            throw new Error(`${file}: ${name} has shape [${shape}], config.json asks for [${expected}].`)
          const wrong = data.findIndex((value) => !Number.isFinite(value))
          if (wrong >= 0) throw new Error(`${file}: ${name} is ${data[wrong]} at place ${wrong}: the file is damaged.`)
          weights[name] = tf.tensor(data, [...shape], "float32")
        },
        (name) => weights[name] === undefined && !isBuffer(name),
      )
    const tiedEmbeddings = config.tiedEmbeddings && !hasOwnHead(weights)
    const missing = parameterNames({ ...config, tiedEmbeddings }).filter((name) => weights[name] === undefined)
    if (missing.length > 0)
      throw new Error(
        `${directory}: ${missing.length} weights are missing, the first is ${missing[0]}. Is every shard there?`,
      )
    return createModel({ ...config, tiedEmbeddings }, weights)
  } catch (error) {
    tf.dispose(Object.values(weights))
    throw error
  }
}

/** What older versions of transformers saved beside the weights; it follows from the config. */
const isBuffer = (name: string): boolean => /\.(rotary_emb\.inv_freq|attn\.(masked_)?bias)$/.test(name)

/** An output matrix that is not the embedding itself; a copy of it is let go. Merged adapters leave such files. */
function hasOwnHead(weights: Weights): boolean {
  const { [headOfItsOwn]: head, [embeddingName]: embedding } = weights
  if (!head || !embedding) return false
  const values = embedding.dataSync()
  if (head.dataSync().some((value, index) => value !== values[index])) return true
  head.dispose()
  delete weights[headOfItsOwn]
  return false
}

function weightFiles(directory: string): string[] {
  const single = join(directory, "model.safetensors")
  if (existsSync(single)) return [single]
  const index = join(directory, "model.safetensors.index.json")
  if (!existsSync(index))
    throw new Error(`${directory}: neither model.safetensors nor model.safetensors.index.json is there.`)
  const map = (readJson(index) as { weight_map?: Record<string, string> } | null)?.weight_map
  if (typeof map !== "object" || map === null) throw new Error(`${index}: it has no weight_map.`)
  return [...new Set(Object.values(map))].sort().map((name) => join(directory, name))
}

/** What else goes into a saved folder. */
export interface SaveExtras {
  /** A folder whose tokenizer files are copied. */
  tokenizerFrom?: string
  /** Fields laid over config.json. */
  config?: Readonly<Record<string, unknown>>
  /** Written as generation_config.json. */
  generationConfig?: Readonly<Record<string, unknown>>
}

/** Writes a folder that `transformers` and `loadModel` load. Each file is replaced atomically, config.json last. */
export function saveModel(directory: string, model: TransformerModel, extras: SaveExtras = {}): void {
  mkdirSync(directory, { recursive: true })
  writeSafetensors(
    join(directory, "model.safetensors"),
    parameterNames(model.config).map((name) => {
      const weight = weightOf(model, name)
      return { name, shape: weight.shape, data: () => weight.dataSync() as Float32Array }
    }),
  )
  if (extras.tokenizerFrom !== undefined && extras.tokenizerFrom !== directory)
    for (const name of tokenizerFiles)
      if (existsSync(join(extras.tokenizerFrom, name)))
        copyFileSync(join(extras.tokenizerFrom, name), join(directory, name))
  const write = (name: string, value: unknown): void =>
    writeAtomically(join(directory, name), () => [Buffer.from(`${JSON.stringify(value, null, 2)}\n`)])
  if (extras.generationConfig !== undefined) write("generation_config.json", extras.generationConfig)
  write("config.json", { ...configToJson(model.config), ...extras.config })
}
