/**
 * The shape of a model. What families differ in is data here (families/ says which has what), and the layers read that data.
 */
import type { LinearPart } from "./parts.ts"
import type { Rope, RopeScaling } from "./rope.ts"

/** Shape of a decoder-only model. Sizes are element counts. What is optional is a plain Llama's where it is missing. */
export interface TransformerConfig {
  vocabularySize: number
  hiddenSize: number
  layers: number
  heads: number
  keyValueHeads: number
  headSize: number
  innerSize: number
  maxPositions: number
  ropeTheta: number
  ropeScaling?: RopeScaling
  normEpsilon: number
  tiedEmbeddings: boolean
  beginTokenId?: number
  endTokenIds: readonly number[]
  /** The `model_type` that config.json says; nothing that computes reads it. Default "llama". */
  family?: string
  /** The gate of the feed-forward block. Default "silu". */
  activation?: Activation
  /** Linear weights with a bias beside them. */
  biases?: readonly LinearPart[]
  /** Queries and keys are normed, head by head, before they are turned. */
  queryKeyNorms?: boolean
  /** Norms also stand after both parts of a layer, before their sum with the residual stream. */
  normsAfter?: boolean
  /** Added to the weights of every norm. Default 0. */
  normOffset?: number
  /** Embeddings are multiplied by it. Default 1. */
  embeddingScale?: number
  /** Attention scores are divided by its root. Default `headSize`. */
  queryScalar?: number
  /** Attention scores become cap · tanh(score / cap). */
  attentionSoftCap?: number
  /** Logits become cap · tanh(logit / cap). */
  logitSoftCap?: number
  /** In the layers that `slidingLayers` marks, a token sees this many: itself and those right before it on its branch. */
  slidingWindow?: number
  slidingLayers?: readonly boolean[]
  /** The rope of the sliding layers, where it is another one. */
  slidingRope?: Rope
  /** What else a config.json said, which is not about the shape (pad_token_id, dropout, …): written back with it. */
  otherFields?: Readonly<Record<string, unknown>>
}

export type Activation = "silu" | "gelu-tanh"

/** The same config if its numbers fit together; throws otherwise. */
export function checkConfig(config: TransformerConfig, where = "config"): TransformerConfig {
  if (config.heads % config.keyValueHeads !== 0)
    throw new Error(`${where}: ${config.heads} heads cannot share ${config.keyValueHeads} key-value heads evenly.`)
  if (config.headSize % 2 !== 0)
    throw new Error(`${where}: head size ${config.headSize} is odd; rotary positions need it even.`)
  return config
}
