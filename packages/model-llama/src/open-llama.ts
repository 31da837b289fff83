/** Loads a GGUF file into llama.cpp, as a model that conversations are generated with. */
import { availableParallelism } from "node:os"
import { errorMessage, type Host, type OpenModel, SwirlError } from "@swirl-ts/core"
import { cachedFileDigest } from "@swirl-ts/kit"
import { modelCodec, modelConversation } from "./codec.ts"
import { languageModel } from "./language-model.ts"
import type { LlamaSettings } from "./options.ts"
import { importLlama, type LlamaModel, type LlamaPeer } from "./peer.ts"
import { createSequencePool } from "./sequences.ts"

export async function openLlama(file: string, modelId: string, options: LlamaSettings, host: Host): Promise<OpenModel> {
  const { sequences, threads = Math.max(1, Math.floor(availableParallelism() / 2)) } = options
  const peer = await importLlama(host)
  const { llama, model } = await load(peer, file, threads)
  try {
    const contextSize = options.contextSize ?? Math.min(model.trainContextSize, 4096)
    const context = await model.createContext({ sequences, contextSize, threads, swaFullCache: true })
    const pool = createSequencePool(Array.from({ length: sequences }, () => context.getSequence()))
    const conversation = modelConversation(model, options.chatTemplate)
    return {
      model: languageModel({ modelId, model, codec: modelCodec(model), conversation, pool, contextSize }),
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
