/** Opens `llama:<file.gguf>`. */
import { availableParallelism } from "node:os"
import { resolve } from "node:path"
import { errorMessage, type Host, type ModelProvider, type OpenModel, SwirlError } from "@swirl-ts/core"
import { cachedFileDigest, readOptions } from "@swirl-ts/kit"
import { z } from "zod"
import { modelCodec, modelConversation } from "./codec.ts"
import { checkGguf } from "./gguf.ts"
import { languageModel } from "./language-model.ts"
import { importLlama, type LlamaModel, type LlamaPeer } from "./peer.ts"
import { createSequencePool } from "./sequences.ts"

const OptionsSchema = z.strictObject({
  /** Conversations at once, each with its own cache. */
  sequences: z.int().min(1).default(8),
  /** Tokens a conversation may have. Default: what the model was trained on, at most 4,096. */
  contextSize: z.int().min(1).optional(),
  /** Threads of llama.cpp. Default: half the processor's, at least one. */
  threads: z.int().min(1).optional(),
  /** A chat template (Jinja) in place of the file's own. */
  chatTemplate: z.string().min(1).optional(),
})
export type LlamaOptions = z.input<typeof OptionsSchema>

/** What other models are shown as well is passed over when one is opened. */
const ShownSchema = z.object(OptionsSchema.shape)

export function llamaProvider(options: LlamaOptions = {}): ModelProvider {
  const defaults = readOptions("plugin model-llama", OptionsSchema, options)
  return {
    description: "GGUF models through llama.cpp: llama:<file.gguf>",
    open: async (reference, shown, host) =>
      openLlama(reference, readOptions("model llama", ShownSchema, defaults, shown), host),
    check: (reference, host) => checkGguf(ggufFile(reference, host)),
  }
}

function ggufFile(reference: string, { workingDirectory }: Host): string {
  if (reference === "") throw new SwirlError("Give the GGUF file: llama:<file.gguf>.", { kind: "usage" })
  return resolve(workingDirectory, reference)
}

async function openLlama(reference: string, options: z.output<typeof OptionsSchema>, host: Host): Promise<OpenModel> {
  const file = ggufFile(reference, host)
  await checkGguf(file)
  const { sequences, threads = Math.max(1, Math.floor(availableParallelism() / 2)) } = options
  const peer = await importLlama(host)
  const { llama, model } = await load(peer, file, threads)
  try {
    const contextSize = options.contextSize ?? Math.min(model.trainContextSize, 4096)
    const context = await model.createContext({ sequences, contextSize, threads, swaFullCache: true })
    const pool = createSequencePool(Array.from({ length: sequences }, () => context.getSequence()))
    const conversation = modelConversation(model, options.chatTemplate)
    return {
      model: languageModel({ modelId: reference, model, codec: modelCodec(model), conversation, pool, contextSize }),
      identity: await cachedFileDigest(file, host.cacheDirectory),
      identityIsDigest: true,
      concurrency: sequences,
      close: () => llama.dispose(),
    }
  } catch (cause) {
    await llama.dispose()
    throw new SwirlError(`${file} was loaded, but cannot be run: ${errorMessage(cause)}`, { cause })
  }
}

async function load(peer: LlamaPeer, modelPath: string, maxThreads: number) {
  const llama = await peer.getLlama({ gpu: false, build: "never", skipDownload: true, logLevel: "error", maxThreads })
  try {
    const model: LlamaModel = await llama.loadModel({ modelPath })
    return { llama, model }
  } catch (cause) {
    await llama.dispose()
    throw new SwirlError(`llama.cpp cannot load ${modelPath}: ${errorMessage(cause)}. Is the file complete?`, { cause })
  }
}
