/**
 * node-llama-cpp, an optional peer installed on demand outside the workspace. Only what is used is typed here, so that
 * the package type-checks without it.
 */
import { arch, platform } from "node:os"
import type { Host } from "@swirl-ts/core"
import { importPeer, type Peer } from "@swirl-ts/kit"

const version = "3.22.1"

interface SamplerOptions {
  temperature: number
  topK: number
  topP: number
  minP: number
  seed: number
  yieldEogToken: boolean
}

export interface SampledToken {
  token: number
  confidence?: number
  probabilities?: Map<number, number>
}

export type ControlledInput =
  | number
  | [
      token: number,
      options: {
        generateNext: {
          logits: { filter: { tokens: readonly number[]; includeTop: number } }
          /** Σ exp(logit − largest logit). */
          totalLogitWeight: true
          options: Omit<SamplerOptions, "yieldEogToken" | "seed">
        }
      },
    ]

interface ControlledResult {
  next: { logits?: Map<number, number>; totalLogitWeight?: number }
}

export interface LlamaSequence {
  readonly contextSize: number
  /** Ids in the cache. */
  readonly contextTokens: number[]
  readonly nextTokenIndex: number
  adaptStateToTokens(tokens: number[], allowShift: boolean): Promise<void>
  clearHistory(): Promise<void>
  /** One result an input that asks for what comes next. */
  controlledEvaluate(input: readonly ControlledInput[]): Promise<(ControlledResult | undefined)[]>
  evaluateWithMetadata(
    tokens: number[],
    metadata: { confidence?: boolean; probabilities?: boolean },
    options: SamplerOptions,
  ): AsyncGenerator<SampledToken, void, number | undefined>
}

interface LlamaContext {
  getSequence(): LlamaSequence
}

export interface LlamaModel {
  readonly fileInfo: { metadata: { tokenizer?: { chat_template?: string } } }
  readonly tokens: {
    bos: number | null
    bosString: string | null
    eosString: string | null
    shouldPrependBosToken: boolean
  }
  readonly trainContextSize: number
  tokenize(text: string, specialTokens: boolean): number[]
  detokenize(tokens: readonly number[], specialTokens: boolean): string
  isEogToken(token: number): boolean
  createContext(options: {
    sequences: number
    contextSize: number
    threads: number
    swaFullCache: boolean
  }): Promise<LlamaContext>
}

interface Llama {
  loadModel(options: { modelPath: string }): Promise<LlamaModel>
  dispose(): Promise<void>
}

export interface LlamaPeer {
  getLlama(options: {
    gpu: false
    build: "never"
    skipDownload: true
    logLevel: "error"
    maxThreads: number
  }): Promise<Llama>
}

/** `linux-x64`, `mac-arm64-metal`, `win-x64`, …: the name of the peer's binary package for a machine. */
export function binaryPackage(system: string = platform(), processor: string = arch()): string {
  const machine = processor === "arm" ? "armv7l" : processor
  if (system === "darwin") return `@node-llama-cpp/mac-${machine === "arm64" ? "arm64-metal" : "x64"}`
  return `@node-llama-cpp/${system === "win32" ? "win" : "linux"}-${machine}`
}

const peer: Peer = {
  folder: "node-llama-cpp",
  module: "node-llama-cpp",
  install: `node-llama-cpp@${version} ${binaryPackage()}@${version} --omit=optional`,
  need: "llama: models need node-llama-cpp",
}

export const importLlama = (host: Host): Promise<LlamaPeer> => importPeer(peer, host)
