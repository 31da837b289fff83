/**
 * A checkpoint on disk: a folder in Hugging Face layout, or a GGUF file, which says the same in other words.
 * Invariant: this is the one place that tells the two apart; all others see the files and names of a folder.
 */
import { existsSync, join, readFileSync } from "@swirl-ts/platform"
import { type OpenFile, openFile, withFile } from "./file-range.ts"
import { dequantise } from "./gguf-blocks.ts"
import { ggufConfig, ggufTokenIds } from "./gguf-config.ts"
import { type GgufHeader, readGgufHeader } from "./gguf-header.ts"
import { ggufTokenizer } from "./gguf-tokenizer.ts"
import { ggufWeights, ropeFactorsName } from "./gguf-weights.ts"
import { readJson } from "./read-json.ts"
import { safetensorsWeights } from "./safetensors.ts"
import { textPartConfig, textPartName } from "./text-part.ts"
import type { TokenizerSource } from "./tokenizer-source.ts"
import type { Weight } from "./weight.ts"

type Json = Record<string, unknown>

export interface Checkpoint {
  /** Its path, for errors. */
  path: string
  /** What its config.json says, unchecked; `file` names it in errors. */
  config(): { json: unknown; file: string }
  /** What its generation_config.json says, where there is one. */
  generationConfig(): Readonly<Json> | undefined
  /** Tensors under their Hugging Face names, one at a time. A wanted name may come twice where shards repeat it. */
  weights(wanted?: (name: string) => boolean): Iterable<Weight>
  /** What `createTokenizer` takes. */
  tokenizer(): TokenizerSource
}

/** Is this the name of a GGUF file? */
export const isGgufFile = (path: string): boolean => /\.gguf$/i.test(path)

/** Opens nothing yet: each part is read when it is asked for (the header of a GGUF file once), and errors name the file. */
export const openCheckpoint = (path: string): Checkpoint => (isGgufFile(path) ? ggufCheckpoint(path) : folder(path))

function ggufCheckpoint(path: string): Checkpoint {
  let known: GgufHeader | undefined
  // With the whole vocabulary in it, it takes as long as a small model.
  const headerOf = (open: OpenFile): GgufHeader => {
    known ??= readGgufHeader(open)
    return known
  }
  const configOf = (open: OpenFile, header: GgufHeader): Json =>
    ggufConfig(header, () => {
      const factors = header.tensors.get(ropeFactorsName)
      return factors && dequantise(factors.type, open.read(factors.start, factors.end))
    })
  return {
    path,
    config: () => withFile(path, (open) => ({ json: configOf(open, headerOf(open)), file: path })),
    generationConfig: () => withFile(path, (open) => ggufTokenIds(headerOf(open).metadata)),
    *weights(wanted = () => true) {
      const open = openFile(path)
      try {
        const header = headerOf(open)
        yield* ggufWeights(open, header, configOf(open, header), wanted)
      } finally {
        open.close()
      }
    },
    tokenizer: () => withFile(path, (open) => ggufTokenizer(headerOf(open))),
  }
}

function folder(path: string): Checkpoint {
  const file = (name: string): string => join(path, name)
  const optional = (name: string): Json | undefined =>
    existsSync(file(name)) ? (readJson(file(name)) as Json) : undefined
  return {
    path,
    config: () => ({ json: textPartConfig(readJson(file("config.json"))), file: file("config.json") }),
    generationConfig: () => optional("generation_config.json"),
    *weights(wanted = () => true) {
      const wantedPart = (name: string): boolean => {
        const known = textPartName(name)
        return known !== undefined && wanted(known)
      }
      for (const each of weightFiles(path))
        for (const weight of safetensorsWeights(each, wantedPart))
          yield { ...weight, name: textPartName(weight.name) ?? weight.name }
    },
    tokenizer: () => {
      const template = file("chat_template.jinja")
      const config = optional("tokenizer_config.json")
      const isSeparate = existsSync(template)
      return {
        tokenizer: readJson(file("tokenizer.json")) as Json,
        // As transformers: old folders name their special tokens in a file of their own.
        config: config?.added_tokens_decoder ? config : { ...config, ...optional("special_tokens_map.json") },
        endTokenIds: [optional("config.json")?.eos_token_id, optional("generation_config.json")?.eos_token_id],
        where: file("tokenizer.json"),
        template: isSeparate ? readFileSync(template, "utf8") : undefined,
        templateWhere: isSeparate ? template : file("tokenizer_config.json"),
      }
    },
  }
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
