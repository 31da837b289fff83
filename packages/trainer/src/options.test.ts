import type { TrainingContext } from "@swirl-ts/core"
import { describe, expect, it } from "vitest"
import { SftOptionsSchema, SwirlOptionsSchema } from "./options.ts"
import { swirl } from "./swirl.ts"

describe("options of the algorithms", () => {
  it("have the documented defaults", () => {
    expect(SwirlOptionsSchema.parse({})).toEqual({
      iterations: 60,
      learningRate: 3e-4,
      warmup: 5,
      beta1: 0.9,
      beta2: 0.95,
      epsilon: 1e-8,
      weightDecay: 0,
      clipNorm: 1,
      rolloutEvery: 10,
      checkpointEvery: 10,
      keepCheckpoints: 2,
      mostSkipped: 3,
      states: 64,
      samples: 8,
      beta: 0.02,
      kl: "penalty",
      normalise: "none",
      weighting: "trajectory",
      maxTokens: 64,
    })
    expect(SftOptionsSchema.parse({}).trajectories).toBe(32)
  })

  it("are read by kit: it says which one is wrong and what was meant", async () => {
    const read = (options: object) => swirl.train({ options } as TrainingContext)
    await expect(read({ iteration: 3 })).rejects.toThrow(
      'Options of algorithm swirl: there is no option "iteration". Did you mean "iterations"?',
    )
  })
})
