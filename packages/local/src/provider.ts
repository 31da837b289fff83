/** Opens `local:<directory, GGUF file or hub id>` and `nano`. */
import { type Host, type ModelOptions, type ModelProvider, type OpenModel, SwirlError } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import { disposeModel } from "@swirl-ts/transformer"
import { z } from "zod"
import { startBackend } from "./backend-choice.ts"
import { createDecodeLoop } from "./decode-loop.ts"
import { checkDirectory, directoryOnDisk, localDirectory, nanoDirectory } from "./directory.ts"
import { checkpointIdentity } from "./identity.ts"
import { localLanguageModel } from "./language-model.ts"
import { checkModelSize } from "./model-size.ts"
import { loadPolicy, readPolicyConfig } from "./policy.ts"

const OptionsSchema = z.strictObject({
  backend: z.enum(["wasm", "native"]).optional(),
  /** Conversations decoded together. */
  maxRows: z.int().min(1).optional(),
  /** Bound of the prefix cache. */
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
      description:
        "a checkpoint in Hugging Face layout or a GGUF file, in this process on TensorFlow.js: local:<directory, GGUF file or hub id>",
      directory: directoryOnDisk,
      open: async (reference, shown, host) =>
        open("local", await localDirectory(reference, host), reference, shown, host),
      check: checkDirectory,
    },
    nano: {
      description: "the embedded policy, 0.4 million parameters",
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
  const backend = await startBackend(options.backend, host)
  checkModelSize({ directory, config: readPolicyConfig(directory), backend, use: "sample" }, host)
  const { model, text } = loadPolicy(directory)
  const loop = createDecodeLoop(model, {
    stopTokenIds: text.endOfTurnTokenIds,
    maxRows: options.maxRows,
    prefixCacheBytes: options.prefixCacheBytes,
  })
  return {
    model: localLanguageModel({ modelId, text, loop, weights: model, contextSize: model.config.maxPositions }),
    identity: await checkpointIdentity(directory, host),
    identityIsDigest: true,
    concurrency: loop.maxRows,
    close: async () => {
      loop.dispose()
      disposeModel(model)
    },
  }
}
