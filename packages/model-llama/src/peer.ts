/**
 * node-llama-cpp, an optional peer installed on demand outside the workspace. Only what is used is typed here, so that
 * the package type-checks without it.
 */
import { createRequire } from "node:module"
import { arch, platform } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { type Host, SwirlError } from "@swirl-ts/core"

export const peerVersion = "3.22.1"

export interface SamplerOptions {
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

export interface LlamaSequence {
  readonly contextSize: number
  /** Ids in the cache. */
  readonly contextTokens: number[]
  readonly nextTokenIndex: number
  adaptStateToTokens(tokens: number[], allowShift: boolean): Promise<void>
  clearHistory(): Promise<void>
  evaluateWithMetadata(
    tokens: number[],
    metadata: { confidence?: boolean; probabilities?: boolean },
    options: SamplerOptions,
  ): AsyncGenerator<SampledToken, void, number | undefined>
}

export interface LlamaContext {
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

export interface Llama {
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

/** The folder the peer is installed in: `options.peersDirectory`, `SWIRL_PEERS`, or `.swirl/peers`, each its own npm prefix. */
export function peerFolder(host: Host, peersDirectory?: string): string {
  const peers = peersDirectory ?? host.environment.SWIRL_PEERS ?? join(host.workingDirectory, ".swirl", "peers")
  return join(peers, "node-llama-cpp")
}

export const installCommand = (folder: string): string =>
  `npm i --prefix ${/\s/.test(folder) ? JSON.stringify(folder) : folder} node-llama-cpp@${peerVersion} ${binaryPackage()}@${peerVersion} --omit=optional`

/** Imports the peer from its folder; the error prints the command that installs it. */
export async function importPeer(folder: string): Promise<LlamaPeer> {
  try {
    const require = createRequire(join(folder, "package.json"))
    return (await import(pathToFileURL(require.resolve("node-llama-cpp")).href)) as LlamaPeer
  } catch (cause) {
    throw new SwirlError(
      `llama: models need node-llama-cpp, which is not in ${folder}. Install it with: ${installCommand(folder)}`,
      { cause },
    )
  }
}
