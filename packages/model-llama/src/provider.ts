/** Opens `llama:<file.gguf>`. */
import { availableParallelism } from "node:os"
import { resolve } from "node:path"
import {
  errorMessage,
  type Host,
  type ModelOptions,
  type ModelProvider,
  type OpenModel,
  SwirlError,
} from "@swirl-ts/core"
import { modelCodec, modelConversation } from "./codec.ts"
import { checkGguf } from "./gguf.ts"
import { fileIdentity } from "./identity.ts"
import { languageModel } from "./language-model.ts"
import { importPeer, type LlamaModel, type LlamaPeer, peerFolder } from "./peer.ts"
import { createSequencePool } from "./sequences.ts"

export interface LlamaOptions {
  /** Conversations at once, each with its own cache. Default 8. */
  sequences?: number
  /** Tokens a conversation may have. Default: what the model was trained on, at most 4,096. */
  contextSize?: number
  /** Threads of llama.cpp. Default: half the processor's, at least one. */
  threads?: number
  /** Folder of peers; default `.swirl/peers` in the working directory, or SWIRL_PEERS. */
  peersDirectory?: string
  /** A chat template (Jinja) in place of the file's own. */
  chatTemplate?: string
}

export function llamaProvider(defaults: LlamaOptions = {}): ModelProvider {
  return {
    description: "GGUF models through llama.cpp: llama:<file.gguf>",
    open: async (reference, options, host) => openLlama(reference, { ...defaults, ...readOptions(options) }, host),
  }
}

export async function openLlama(reference: string, options: LlamaOptions, host: Host): Promise<OpenModel> {
  if (reference === "") throw new SwirlError("Give the GGUF file: llama:<file.gguf>.", { kind: "usage" })
  const file = resolve(host.workingDirectory, reference)
  await checkGguf(file)
  const peer = await importPeer(peerFolder(host, options.peersDirectory))
  const threads = options.threads ?? Math.max(1, Math.floor(availableParallelism() / 2))
  const sequences = options.sequences ?? 8
  const { llama, model } = await load(peer, file, threads)
  try {
    const contextSize = options.contextSize ?? Math.min(model.trainContextSize, 4096)
    const context = await model.createContext({ sequences, contextSize, threads, swaFullCache: true })
    const pool = createSequencePool(Array.from({ length: sequences }, () => context.getSequence()))
    const conversation = modelConversation(model, options.chatTemplate)
    return {
      model: languageModel({ modelId: reference, codec: modelCodec(model), conversation, pool, contextSize }),
      identity: await fileIdentity(file, host.cacheDirectory),
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

const numbers = ["sequences", "contextSize", "threads"] as const
const texts = ["peersDirectory", "chatTemplate"] as const

function readOptions(options: ModelOptions): LlamaOptions {
  const read: LlamaOptions = {}
  for (const name of numbers) {
    const value = options[name]
    if (value === undefined) continue
    if (!Number.isInteger(value) || Number(value) < 1) {
      throw new SwirlError(`The option ${name} of llama: has to be a whole number from 1, not ${String(value)}.`, {
        kind: "usage",
      })
    }
    read[name] = Number(value)
  }
  for (const name of texts) if (typeof options[name] === "string") read[name] = options[name]
  return read
}
