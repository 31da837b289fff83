import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Engine, EngineFactory } from "@swirl-ts/core"
import { engineChecks, id, type ToyEngine, toyEngine } from "../../src/index.ts"
import { brokenExamples } from "./broken.ts"

/** The toy engine, of which `change` does something otherwise. */
const engineWith = (change: (toy: ToyEngine) => Partial<Engine> = () => ({})): EngineFactory => ({
  description: "the toy engine",
  create: async () => {
    const toy = toyEngine()
    return { ...toy, ...change(toy) }
  },
})
let samples = 0

const given = {
  tolerance: 1e-9,
  prompts: [
    [id("<user>"), id("1"), id("<model>")],
    [id("<user>"), id("2"), id("<model>")],
  ],
}

export const engine = brokenExamples("engine", engineChecks, [engineWith(), given], {
  "is an engine that can be loaded": [{ ...engineWith(), description: "" }],
  "samples the same with the same seed": [
    engineWith(({ sample }) => ({
      sample: (prompts, options) =>
        sample(prompts, { ...options, seeds: options.seeds.map((seed) => seed + samples++) }),
    })),
  ],
  "scores its samples as it sampled them": [
    engineWith(({ sample }) => ({
      sample: async (prompts, options) =>
        (await sample(prompts, options)).map((group) =>
          group.map((each) => ({ ...each, logProbabilities: each.logProbabilities.map((value) => value - 0.01) })),
        ),
    })),
  ],
  "gives the loss and the log-probabilities before the step": [
    engineWith(({ forwardBackward }) => ({
      forwardBackward: async (rows, loss) => {
        const result = await forwardBackward(rows, loss)
        return { ...result, loss: 2 * result.loss }
      },
    })),
  ],
  "steps down the gradient": [
    engineWith(({ optimStep }) => ({
      // Uphill, unless it clips.
      optimStep: (options) =>
        optimStep(options.clipNorm ? options : { ...options, learningRate: -options.learningRate }),
    })),
  ],
  "divides by the normaliser": [
    engineWith(({ forwardBackward }) => ({
      forwardBackward: (rows, loss) => forwardBackward(rows, { ...loss, normaliser: 6 }),
    })),
  ],
  "adds up gradients until a step, and none after it": [
    engineWith(({ optimStep, gradients }) => {
      // What the last step left behind.
      let left = 0
      return {
        optimStep: async (options) => {
          const before = gradients.reduce((sum, value) => sum + value * value, 0)
          const result = await optimStep(options)
          const told = before === 0 ? left : result.gradientNorm
          left = options.learningRate === 0 ? result.gradientNorm : 0
          return { gradientNorm: told }
        },
      }
    }),
  ],
  "clips the gradient, and tells its norm before": [
    engineWith(({ optimStep }) => ({ optimStep: ({ clipNorm: _, ...options }) => optimStep(options) })),
  ],
  "measures the exact KL to the initial policy": [
    engineWith(({ forwardBackward }) => ({
      forwardBackward: async (rows, loss) => {
        const result = await forwardBackward(rows, loss)
        return { ...result, exactKl: loss.exactKl && 1 }
      },
    })),
  ],
  "stays where it is without a gradient": [
    engineWith(({ forwardBackward, gradients }) => ({
      forwardBackward: async (rows, loss) => {
        const result = await forwardBackward(rows, loss)
        if (rows.every(({ coefficients }) => coefficients.every((value) => value === 0))) {
          gradients.fill(1e-3)
        }
        return result
      },
    })),
  ],
  "keeps the initial policy": [
    engineWith(({ logProbabilities }) => ({ logProbabilities: (rows) => logProbabilities(rows, "current") })),
  ],
  "continues exactly from a saved state": [
    engineWith(({ saveState }) => ({
      // Without what the optimiser remembers.
      saveState: async (directory) => {
        await saveState(directory)
        const path = join(directory, "state.json")
        const state = JSON.parse(await readFile(path, "utf8"))
        await writeFile(path, JSON.stringify({ ...state, first: state.first.map(() => 0), steps: 0 }))
      },
    })),
  ],
})
