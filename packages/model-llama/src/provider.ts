/** Opens `llama:<file.gguf>`. What runs a model is loaded with the first. */
import { resolve } from "node:path"
import { type Host, type ModelProvider, SwirlError } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import { checkGguf } from "./gguf.ts"
import { type LlamaOptions, OptionsSchema, ShownSchema } from "./options.ts"

export function llamaProvider(options: LlamaOptions = {}): ModelProvider {
  const defaults = readOptions("plugin model-llama", OptionsSchema, options)
  return {
    description: "GGUF models through llama.cpp: llama:<file.gguf>",
    open: async (reference, shown, host) => {
      const settings = readOptions("model llama", ShownSchema, defaults, shown)
      const file = ggufFile(reference, host)
      await checkGguf(file)
      const { openLlama } = await import("./open-llama.ts")
      return openLlama(file, reference, settings, host)
    },
    check: (reference, host) => checkGguf(ggufFile(reference, host)),
  }
}

function ggufFile(reference: string, { workingDirectory }: Host): string {
  if (reference === "") throw new SwirlError("Give the GGUF file: llama:<file.gguf>.", { kind: "usage" })
  return resolve(workingDirectory, reference)
}
