import type { Engine } from "@swirl-ts/core"
import { temporaryFolder } from "@swirl-ts/test-support"
import { type ToyEngine, toyContext, toyEngine } from "@swirl-ts/testing"
import { expect, it } from "vitest"
import { readMetrics } from "../test/read-metrics.ts"
import { distinctStates } from "./decompose.ts"
import { sft } from "./sft.ts"
import { swirl } from "./swirl.ts"

const options = { states: 4, iterations: 6, maxTokens: 6, rolloutEvery: 6, checkpointEvery: 1, learningRate: 0.05 }

/** The toy engine with a loss that is no number at some calls. */
function failing(engine: ToyEngine, isBad: (call: number) => boolean): ToyEngine {
  const forwardBackward: Engine["forwardBackward"] = async (rows, loss) => {
    const result = await engine.forwardBackward(rows, loss)
    return isBad(engine.calls.forwardBackward) ? { ...result, loss: Number.NaN } : result
  }
  return { ...engine, forwardBackward }
}

it("a step whose loss is no number changes nothing, is counted, and the next one goes on", async () => {
  const directory = temporaryFolder()
  const engine = toyEngine()
  const start = Float64Array.from(engine.parameters)
  const context = await toyContext(directory, options, { engine: failing(engine, (call) => call === 1) })
  const after: number[] = []
  await swirl.train({
    ...context,
    onMetric: () => after.push(Math.max(...engine.parameters.map((value, i) => Math.abs(value - start[i]!)))),
  })
  expect(after.slice(0, 2)).toEqual([0, 0])
  expect(after[2]).toBeGreaterThan(0)
  const records = await readMetrics(directory)
  expect(records.map(({ values }) => values.skippedSteps)).toEqual([undefined, 1, 1, 1, 1, 1, 1])
  expect(records[1]!.values).toMatchObject({ loss: null, gradientNorm: null })
})

it("a gradient that is no number changes nothing and is counted", async () => {
  const directory = temporaryFolder()
  const engine = toyEngine()
  const start = Float64Array.from(engine.parameters)
  const forwardBackward: Engine["forwardBackward"] = async (...asked) => {
    const result = await engine.forwardBackward(...asked)
    if (engine.calls.forwardBackward === 1) engine.gradients[3] = Number.POSITIVE_INFINITY
    return result
  }
  const context = await toyContext(directory, { ...options, iterations: 1 }, { engine: { ...engine, forwardBackward } })
  await swirl.train(context)
  expect(engine.parameters).toEqual(start)
  expect((await readMetrics(directory))[1]!.values).toMatchObject({ skippedSteps: 1, gradientNorm: null })
})

it("several in a row end the training with a sentence, and it goes on from there when run again", async () => {
  const directory = temporaryFolder()
  const engine = toyEngine()
  const context = await toyContext(directory, options, { engine: failing(engine, (call) => call > 2) })
  await expect(swirl.train(context)).rejects.toThrow(
    "no finite number in 3 steps in a row, 3 to 5; the weights are those of step 2. Lower the learning rate",
  )
  expect((await readMetrics(directory)).at(-1)!.values.skippedSteps).toBe(3)
  // With more patience, which is no other training.
  const patient = await toyContext(directory, { ...options, mostSkipped: 9 })
  await swirl.train(patient)
  expect((await readMetrics(directory)).at(-1)!.step).toBe(6)
})

it("states that leave no room for an action are dropped and counted; where none is left, that is said", async () => {
  const directory = temporaryFolder()
  const engine = toyEngine()
  const whole = await toyContext(directory, options, { engine })
  const lengths = distinctStates(whole.trajectories).map(({ promptTokenIds }) => promptTokenIds.length)
  const asked: number[] = []
  const sample: Engine["sample"] = (prompts, ...rest) => {
    asked.push(...prompts.map(({ length }) => length))
    return engine.sample(prompts, ...rest)
  }
  const contextSize = Math.min(...lengths) + 1
  await swirl.train({ ...whole, rollout: undefined, engine: { ...engine, sample, contextSize } })
  expect(Math.max(...asked)).toBeLessThan(contextSize)
  expect((await readMetrics(directory))[1]!.values.droppedStates).toBeGreaterThan(0)
  await expect(swirl.train({ ...whole, engine: { ...engine, contextSize: 1 } })).rejects.toThrow(
    "states is longer than the engine's context of 1 tokens",
  )
  await expect(sft.train({ ...whole, options: {}, engine: { ...engine, contextSize: 1 } })).rejects.toThrow(
    "recorded actions goes beyond the engine's context of 1 tokens",
  )
})
