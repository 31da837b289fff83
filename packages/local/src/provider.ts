/** Opens `local:<directory, GGUF file or hub id>` and `nano`. */
import {
  contentHash,
  type Host,
  type ModelOptions,
  type ModelProvider,
  type OpenModel,
  SwirlError,
} from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import { disposeModel } from "@swirl-ts/transformer"
import { z } from "zod"
import { startBackend } from "./backend-choice.ts"
import { createDecodeLoop } from "./decode-loop.ts"
import { localLanguageModel } from "./language-model.ts"
import { checkModelSize } from "./model-size.ts"
import { loadPolicy, readPolicyConfig } from "./policy.ts"
import { checkSource, type PolicySource, policySource, sourceIdentity, sourceOnDisk } from "./policy-source.ts"
import { PrecisionSchema, precisionOf } from "./precision.ts"
import { unloadedPolicy } from "./unloaded-policy.ts"

const OptionsSchema = z.strictObject({
  backend: z.enum(["wasm", "native"]).optional(),
  /** Conversations decoded together. */
  maxRows: z.int().min(1).optional(),
  /** Bound of the prefix cache. */
  prefixCacheBytes: z.int().min(0).optional(),
  /** How the weights are held and multiplied. */
  precision: PrecisionSchema.optional(),
})
export type LocalOptions = z.infer<typeof OptionsSchema>

/** When one is opened, what other models are shown as well is passed over. */
const ShownSchema = z.object(OptionsSchema.shape)

/** The providers `local` and `nano`. */
export function localProviders(options: LocalOptions = {}): { local: ModelProvider; nano: ModelProvider } {
  const defaults = readOptions("plugin local", OptionsSchema, options)
  const open = async (model: string, policy: string, modelId: string, shown: ModelOptions, host: Host) =>
    openSource(
      await policySource(policy, host),
      modelId,
      readOptions(`model ${model}`, ShownSchema, defaults, shown),
      host,
    )
  return {
    local: {
      description:
        "a checkpoint in Hugging Face layout or a GGUF file, in this process on TensorFlow.js: local:<directory, GGUF file or hub id>, with LoRA adapters local:<base>+<adapter>",
      directory: sourceOnDisk,
      open: async (reference, shown, host) => open("local", `local:${reference}`, reference, shown, host),
      check: checkSource,
      unloaded: (reference, host) => unloadedPolicy(`local:${reference}`, host),
    },
    nano: {
      description: "the embedded policy, 0.4 million parameters",
      open: async (reference, shown, host) => {
        if (reference !== "") throw new SwirlError(`nano takes no reference, not "${reference}".`, { kind: "usage" })
        return open("nano", "nano", "nano", shown, host)
      },
      unloaded: (_reference, host) => unloadedPolicy("nano", host),
    },
  }
}

async function openSource(
  source: PolicySource,
  modelId: string,
  options: LocalOptions,
  host: Host,
): Promise<OpenModel> {
  const backend = await startBackend(options.backend, host)
  const { directory, adapters } = source
  const config = readPolicyConfig(directory)
  const precision = await precisionOf(options.precision, { config, backend }, host)
  checkModelSize({ directory, config, backend, use: "sample", precision }, host)
  const { model, text } = loadPolicy(directory, { adapters, precision })
  const identity = await sourceIdentity(source, host)
  const loop = createDecodeLoop(model, {
    stopTokenIds: text.endOfTurnTokenIds,
    maxRows: options.maxRows,
    prefixCacheBytes: options.prefixCacheBytes,
  })
  return {
    model: localLanguageModel({ modelId, text, loop, weights: model, contextSize: model.config.maxPositions }),
    // bf16 weights are others than those of the files.
    identity: precision === "bf16" ? contentHash([identity, precision]) : identity,
    identityIsDigest: true,
    concurrency: loop.maxRows,
    close: async () => {
      loop.dispose()
      disposeModel(model)
    },
  }
}
