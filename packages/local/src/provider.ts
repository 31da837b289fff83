/** Opens `local:<directory or hub id>` and `nano`. */
import { type Host, type ModelOptions, type ModelProvider, type OpenModel, SwirlError } from "@swirl-ts/core"
import { disposeModel, type TransformerConfig } from "@swirl-ts/transformer"
import { startBackend } from "./backend-choice.ts"
import { createDecodeLoop } from "./decode-loop.ts"
import { localDirectory, nanoDirectory } from "./directory.ts"
import { directoryIdentity } from "./identity.ts"
import { localLanguageModel } from "./language-model.ts"
import { loadPolicy } from "./policy.ts"

export interface LocalOptions {
  backend?: "wasm" | "native"
  /** Conversations decoded together. Default: what fits into 512 MiB of keys and values, from 4 to 128. */
  maxRows?: number
  /** Bound of the prefix cache. Default 256 MiB. */
  prefixCacheBytes?: number
}

export function localProvider(defaults: LocalOptions = {}): ModelProvider {
  return {
    description: "A checkpoint in Hugging Face layout on TensorFlow.js: local:<directory or hub id>",
    open: async (reference, options, host) =>
      openDirectory(localDirectory(reference, host), reference, { ...defaults, ...readOptions(options) }, host),
  }
}

export function nanoProvider(defaults: LocalOptions = {}): ModelProvider {
  return {
    description: "The embedded policy, 0.4 million parameters",
    open: async (reference, options, host) => {
      if (reference !== "") throw new SwirlError(`nano takes no reference, not "${reference}".`, { kind: "usage" })
      return openDirectory(await nanoDirectory(host), "nano", { ...defaults, ...readOptions(options) }, host)
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

function readOptions(options: ModelOptions): LocalOptions {
  const read: LocalOptions = options.backend === undefined ? {} : { backend: options.backend }
  for (const [name, least] of [
    ["maxRows", 1],
    ["prefixCacheBytes", 0],
  ] as const) {
    const value = options[name]
    if (value === undefined) continue
    if (!Number.isInteger(value) || Number(value) < least) {
      throw new SwirlError(`The option ${name} has to be a whole number from ${least}, not ${String(value)}.`, {
        kind: "usage",
      })
    }
    read[name] = Number(value)
  }
  return read
}
