/** Benchmark W: what every side of `npm run bench -- train` computes, as plain numbers that all of them read. */
import { random } from "@swirl-ts/core"
import type { TransformerConfig } from "@swirl-ts/transformer"

export type Shape = Pick<
  TransformerConfig,
  "vocabularySize" | "hiddenSize" | "layers" | "heads" | "keyValueHeads" | "headSize" | "innerSize"
>

export interface Work {
  shape: Shape
  /** Token ids of each trajectory; its states are its beginnings of these lengths. */
  trajectories: number[][]
  lengths: number[]
  /** Fresh actions a state, and tokens an action, exactly. */
  samples: number
  actionTokens: number
  rank: number
  alpha: number
  beta: number
  precision: "f32" | "bf16"
}

export const shapes = {
  "135m": {
    vocabularySize: 49_152,
    hiddenSize: 576,
    layers: 30,
    heads: 9,
    keyValueHeads: 3,
    headSize: 64,
    innerSize: 1536,
  },
  "1.5b": {
    vocabularySize: 151_936,
    hiddenSize: 1536,
    layers: 28,
    heads: 12,
    keyValueHeads: 2,
    headSize: 128,
    innerSize: 8960,
  },
  tiny: { vocabularySize: 2048, hiddenSize: 64, layers: 2, heads: 4, keyValueHeads: 2, headSize: 16, innerSize: 128 },
} satisfies Record<string, Shape>
export type ShapeName = keyof typeof shapes

/** States of a trajectory, actions of a state and tokens of an action. */
export const actionsOf = (shape: ShapeName) =>
  shape === "tiny"
    ? { lengths: [20, 32, 44, 56], samples: 8, actionTokens: 6 }
    : { lengths: [200, 320, 440, 560], samples: 8, actionTokens: 40 }

/** Random tokens; `parts` of the whole length are the states of a trajectory. */
export function createWork(options: {
  shape: Shape
  precision: Work["precision"]
  trajectories: number
  lengths: number[]
  samples: number
  actionTokens: number
}): Work {
  const draw = random(15)
  const longest = Math.max(...options.lengths)
  const trajectories = Array.from({ length: options.trajectories }, () =>
    Array.from({ length: longest }, () => draw.integer(3, options.shape.vocabularySize - 1)),
  )
  return { ...options, trajectories, rank: 16, alpha: 32, beta: 0.02 }
}

/** What a side says of itself. Tokens are those that went through its network, padding included. */
export interface Side {
  seconds: { sample: number; reference: number; update: number; all: number }
  tokens: { prefilled: number; decoded: number; reference: number; trained: number }
  /** Rows whose logits were computed: sampled, in the reference and in the update. */
  logitRows: { sampled: number; reference: number; trained: number }
  peakBytes: number
  /** What had to be smaller than the work, in words. */
  note?: string
}

/** Multiplications and additions of the weight products alone: forward, and in the update back to the inputs (the base is frozen). */
export function weightOperations({ shape }: Work, { tokens, logitRows }: Side): number {
  const { hiddenSize: d, innerSize: f, heads, keyValueHeads, headSize, layers, vocabularySize } = shape
  const body = 2 * layers * (2 * d * heads * headSize + 2 * d * keyValueHeads * headSize + 3 * d * f)
  const head = 2 * d * vocabularySize
  const forward = tokens.prefilled + tokens.decoded + tokens.reference + tokens.trained
  const rows = logitRows.sampled + logitRows.reference + logitRows.trained
  return body * (forward + tokens.trained) + head * (rows + logitRows.trained)
}
