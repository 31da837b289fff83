/** Opens `local:<directory or hub id>` and `nano`. */
import { type Host, type ModelOptions, type ModelProvider, type OpenModel, SwirlError } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import { disposeModel, type TransformerConfig } from "@swirl-ts/transformer"
import { z } from "zod"
import { startBackend } from "./backend-choice.ts"
import { createDecodeLoop } from "./decode-loop.ts"
import { localDirectory, nanoDirectory } from "./directory.ts"
import { directoryIdentity } from "./identity.ts"
import { localLanguageModel } from "./language-model.ts"
import { loadPolicy } from "./policy.ts"

const OptionsSchema = z.strictObject({
  backend: z.enum(["wasm", "native"]).optional(),
  /** Conversations decoded together. Default: what fits into 512 MiB of keys and values, from 4 to 128. */
  maxRows: z.int().min(1).optional(),
  /** Bound of the prefix cache. Default 256 MiB. */
  prefixCacheBytes: z.int().min(0).optional(),
})
export type LocalOptions = z.infer<typeof OptionsSchema>

/** When one is opened, what other models are shown as well is passed over. */
const ShownSchema = z.object(OptionsSchema.shape)

/** The providers `local` and `nano`. */
export function localProviders(options: LocalOptions = {}): { local: ModelProvider; nano: ModelProvider } {
  const defaults = readOptions("plugin local", OptionsSchema, options)
  const open = (model: string, directory: string, modelId: string, shown: ModelOptions, host: Host) =>
    openDirectory(directory, modelId, readOptions(`model ${model}`, ShownSchema, defaults, shown), host)
  return {
    local: {
      description: "A checkpoint in Hugging Face layout on TensorFlow.js: local:<directory or hub id>",
      open: async (reference, shown, host) => open("local", localDirectory(reference, host), reference, shown, host),
    },
    nano: {
      description: "The embedded policy, 0.4 million parameters",
      open: async (reference, shown, host) => {
        if (reference !== "") throw new SwirlError(`nano takes no reference, not "${reference}".`, { kind: "usage" })
        return open("nano", await nanoDirectory(host), "nano", shown, host)
      },
    },
  }
}

async function openDirectory(
  directory: string,
  modelId: string,
  options: LocalOptions,
  host: Host,
): Promise<OpenModel> {
  await startBackend(options.backend, host)
  const { model, text } = loadPolicy(directory)
  const { config } = model
  const maxRows = options.maxRows ?? rowsThatFit(config)
  const loop = createDecodeLoop(model, {
    stopTokenIds: text.endOfTurnTokenIds,
    maxRows,
    prefixCacheBytes: options.prefixCacheBytes,
  })
  return {
    model: localLanguageModel({ modelId, text, loop, contextSize: config.maxPositions }),
    identity: await directoryIdentity(directory),
    concurrency: maxRows,
    close: async () => {
      loop.dispose()
      disposeModel(model)
    },
  }
}

const cacheBytes = 512 * 2 ** 20
/** Tokens that a conversation is taken to have, at most. */
const usualTokens = 1024

/** Rows whose keys and values (f32) fit into the bound. */
export function rowsThatFit({ layers, keyValueHeads, headSize, maxPositions }: TransformerConfig): number {
  const perRow = 2 * 4 * layers * keyValueHeads * headSize * Math.min(maxPositions, usualTokens)
  return Math.min(128, Math.max(4, Math.floor(cacheBytes / perRow)))
}
