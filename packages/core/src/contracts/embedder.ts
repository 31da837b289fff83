/** An Embedder turns texts into vectors whose dot products say how close the texts are; retrievers rank passages by them. */
import type { Host } from "./model.ts"

export interface EmbedOptions {
  /** Some models want queries and passages told apart. */
  kind: "query" | "passage"
  abortSignal?: AbortSignal
}

export interface Embedder {
  /** Names weights and settings: vectors may be compared only where identities are equal. */
  readonly identity: string
  readonly dimensions: number
  /** One vector of `dimensions` numbers and length 1 a text, in order. Throws when the model answers anything else. */
  embed(texts: readonly string[], options: EmbedOptions): Promise<Float32Array[]>
  /** Called once, when the command that opened it ends. */
  close?(): Promise<void>
}

export interface EmbedderOptions {
  baseUrl?: string
  abortSignal?: AbortSignal
  [option: string]: unknown
}

/** Opens the embedders of one prefix: `openai:text-embedding-3-small` asks provider `openai` for the name behind the colon. */
export interface EmbedderProvider {
  description: string
  open(reference: string, options: EmbedderOptions, host: Host): Promise<Embedder>
}
