/**
 * Opens `local:<directory, GGUF file or hub id>` and `nano`. TensorFlow.js is loaded with the first of them: most commands
 * have none.
 */
import { type Host, type ModelOptions, type ModelProvider, SwirlError } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import { type LocalOptions, OptionsSchema, ShownSchema } from "./model-options.ts"
import { checkSource, policySource, sourceOnDisk } from "./policy-source.ts"

/** The providers `local` and `nano`. */
export function localProviders(options: LocalOptions = {}): { local: ModelProvider; nano: ModelProvider } {
  const defaults = readOptions("plugin local", OptionsSchema, options)
  const open = async (model: string, policy: string, modelId: string, shown: ModelOptions, host: Host) => {
    const source = await policySource(policy, host)
    const settings = readOptions(`model ${model}`, ShownSchema, defaults, shown)
    const { openSource } = await import("./open-source.ts")
    return openSource(source, modelId, settings, host)
  }
  const unloaded = async (policy: string, host: Host) =>
    (await import("./unloaded-policy.ts")).unloadedPolicy(policy, host)
  return {
    local: {
      description:
        "a checkpoint in Hugging Face layout or a GGUF file, in this process on TensorFlow.js: local:<directory, GGUF file or hub id>, with LoRA adapters local:<base>+<adapter>",
      directory: sourceOnDisk,
      open: async (reference, shown, host) => open("local", `local:${reference}`, reference, shown, host),
      check: checkSource,
      unloaded: (reference, host) => unloaded(`local:${reference}`, host),
    },
    nano: {
      description: "the embedded policy, 0.4 million parameters",
      open: async (reference, shown, host) => {
        if (reference !== "") throw new SwirlError(`nano takes no reference, not "${reference}".`, { kind: "usage" })
        return open("nano", "nano", "nano", shown, host)
      },
      unloaded: (_reference, host) => unloaded("nano", host),
    },
  }
}
