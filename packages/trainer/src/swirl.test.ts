import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import type { TrainingContext } from "@swirl-ts/core"
import { temporaryFolder } from "@swirl-ts/test-support"
import { rolloutSummary, toyContext, toyEngine, toyJudge } from "@swirl-ts/testing"
import { describe, expect, it } from "vitest"
import { readMetrics } from "../test/read-metrics.ts"
import { judgedStates } from "./credit/judged-states.ts"
import { distinctStates } from "./decompose.ts"
import type { Group } from "./groups.ts"
import { sampleGroups } from "./groups.ts"
import { rowsOfGroups } from "./samplers/recorded-states.ts"
import { sft } from "./sft.ts"
import { swirl } from "./swirl.ts"
import { type BatchOptions, createTrainingBatch } from "./training-batch.ts"

const batchOf = (context: TrainingContext, groups: readonly Group[], options: BatchOptions) => {
  const rows = rowsOfGroups(groups)
  return createTrainingBatch(context, rows, judgedStates("none")(rows), options)
}

const small = { states: 12, iterations: 30, learningRate: 0.05, maxTokens: 6, rolloutEvery: 10, checkpointEvery: 15 }

describe("swirl", () => {
  it("raises judged reward and the accuracy of fresh roll-outs, and reports every step", async () => {
    const directory = temporaryFolder()
    const context = await toyContext(directory, small)
    const seen: number[] = []
    const result = await swirl.train({ ...context, onMetric: (metric) => seen.push(metric.step) })
    expect(result).toMatchObject({ steps: 30, checkpoint: join(directory, "checkpoints", "30") })
    expect(await readdir(join(directory, "checkpoints"))).toEqual(["15", "30"])
    expect(seen).toEqual(Array.from({ length: 31 }, (_, step) => step))
    const records = await readMetrics(directory)
    expect(records.map((record) => record.step)).toEqual(seen)
    const [start, ...steps] = records
    const last = steps.at(-1)!
    expect(last.values.judgedReward!).toBeGreaterThan(steps[0]!.values.judgedReward! + 0.4)
    expect(last.values.rolloutAccuracy!).toBeGreaterThan(start!.values.rolloutAccuracy! + 0.2)
    expect(last.values.entropy!).toBeLessThan(steps[0]!.values.entropy!)
    expect(steps[0]!.values.klPerToken).toBeCloseTo(0, 12)
    expect(last.values.klPerToken!).toBeGreaterThan(0.05)
    expect(steps.map((record) => record.values.learningRate).slice(0, 6)).toEqual(
      [0.01, 0.02, 0.03, 0.04, 0.05, 0.05].map((rate) => expect.closeTo(rate, 12)),
    )
    for (const record of steps) {
      expect(record.values.trainSampleDifference!).toBeLessThan(1e-4)
      for (const [name, value] of Object.entries(record.values)) {
        if (!name.startsWith("unscored")) expect(value, name).toEqual(expect.any(Number))
      }
    }
    const rolled = records.filter((record) => "rolloutAccuracy" in record.values).map((record) => record.step)
    expect(rolled).toEqual([0, 10, 20, 30])
  })

  it("lets actions be as long as the benchmarks allow, and as the options say where they do", async () => {
    const recorded = async (options: object) => {
      const { maxTokens: _, ...rest } = small
      const context = await toyContext(temporaryFolder(), { ...rest, iterations: 1, ...options })
      await swirl.train({ ...context, stepTokens: 5 })
      return JSON.parse(await readFile(join(context.directory, "training.json"), "utf8")).spec.maxTokens
    }
    expect([await recorded({}), await recorded({ maxTokens: 3 })]).toEqual([5, 3])
  })

  it("draws whole trajectories where it is told how many states of each, and records that only then", async () => {
    const specOf = async (options: object) => {
      const context = await toyContext(temporaryFolder(), { ...small, iterations: 1, ...options })
      await swirl.train(context)
      return JSON.parse(await readFile(join(context.directory, "training.json"), "utf8")).spec
    }
    expect(await specOf({})).not.toHaveProperty("statesPerTrajectory")
    expect(await specOf({ statesPerTrajectory: 2 })).toHaveProperty("statesPerTrajectory", 2)
    const asked: (readonly number[])[] = []
    const context = await toyContext(temporaryFolder(), { ...small, iterations: 1, statesPerTrajectory: 2 })
    const { engine } = context
    const sample: typeof engine.sample = (prompts, options) => {
      asked.push(...prompts)
      return engine.sample(prompts, options)
    }
    await swirl.train({ ...context, engine: { ...engine, sample } })
    expect(asked.length).toBeGreaterThan(1)
    const begins = (a: readonly number[], b: readonly number[]): boolean => a.every((id, i) => b[i] === id)
    const nested = asked.filter((a) => asked.some((b) => a !== b && a.length < b.length && begins(a, b)))
    expect(nested.length).toBeGreaterThan(asked.length / 3)
  })

  it("stays nearer to the initial policy with a larger beta, by penalty and by exact KL", async () => {
    const distance = async (options: object) => {
      const context = await toyContext(temporaryFolder(), { ...small, ...options })
      await swirl.train(context)
      return (await readMetrics(context.directory)).at(-1)!.values.klPerToken!
    }
    for (const kl of ["penalty", "exact"]) {
      expect(await distance({ kl, beta: 2 })).toBeLessThan((await distance({ kl, beta: 0.02 })) / 4)
    }
  })

  it("makes one reference pass and one backward pass an update, and no reference pass without a penalty", async () => {
    for (const [options, passes] of [
      [{}, 5],
      [{ beta: 0 }, 0],
      [{ kl: "exact" }, 0],
    ] as const) {
      const context = await toyContext(temporaryFolder(), { ...small, ...options, iterations: 5 })
      const { rollout: _, ...withoutRollouts } = context
      await swirl.train(withoutRollouts)
      expect(context.engine.calls).toEqual({ sample: 5, forwardBackward: 5, optimStep: 5, logProbabilities: passes })
    }
  })

  it("keeps N when groups have no variance, and trains them towards the initial policy", async () => {
    const context = await toyContext(temporaryFolder(), {})
    const states = distinctStates(context.trajectories).slice(0, 5)
    const options = { beta: 0.1, kl: "penalty" } as const
    const alike = {
      ...context,
      judge: async (requests: readonly unknown[]) => requests.map(() => ({ verdict: "bad" as const, reason: "" })),
    }
    context.engine.parameters.forEach((value, index) => {
      context.engine.parameters[index] = value + Math.sin(index)
    })
    const groups = await sampleGroups(alike, states, 1, { samples: 8, maxTokens: 6 })
    const { rows, loss } = await batchOf(alike, groups, options)
    expect(loss).toEqual({ normaliser: 40 })
    expect(rows.every((row) => row.coefficients.some((coefficient) => coefficient !== 0))).toBe(true)
    const before = (await batchOf(alike, groups, { ...options, beta: 0 })).rows
    expect(before.every((row) => row.coefficients.every((coefficient) => coefficient === 0))).toBe(true)
  })

  it("counts scored samples only in N, and makes no update when none is scored", async () => {
    const directory = temporaryFolder()
    const context = await toyContext(directory, { ...small, iterations: 3 })
    const judgeNothing: TrainingContext["judge"] = async (requests) =>
      requests.map(() => ({ verdict: "unscored", reason: "timeout" }))
    const states = distinctStates(context.trajectories).slice(0, 4)
    const groups = await sampleGroups({ ...context, judge: judgeNothing }, states, 1, { samples: 8, maxTokens: 6 })
    const malformed = groups.flatMap((group) => group.actions).filter((sample) => sample.reward !== undefined)
    const { loss } = await batchOf(context, groups, { beta: 0.02, kl: "penalty" })
    expect(loss.normaliser).toBe(malformed.length)

    // A format that reads everything: nothing is scored at all.
    const format = { ...context.format, parse: () => ({ kind: "answer" as const, answer: "" }) }
    const result = await swirl.train({
      ...context,
      options: { ...context.options, maxTokens: 200 },
      judge: judgeNothing,
      format,
    })
    expect(context.engine.calls.optimStep).toBe(0)
    expect((await readMetrics(directory)).at(-1)!.values).toMatchObject({
      judgedReward: null,
      loss: null,
      gradientNorm: null,
    })
    expect(result.alarms[0]).toMatchObject({ step: 1, kind: "unscored" })
  })

  it("raises the gaming alarm when the judge can be pleased by calls that lead nowhere", async () => {
    const context = await toyContext(temporaryFolder(), { ...small, iterations: 40 })
    const pleased: TrainingContext["judge"] = async (requests) =>
      requests.map(({ input }) => ({ verdict: input.action.action.kind === "tool" ? "good" : "bad", reason: "" }))
    const rollout = (_: unknown, { seed }: { seed: number }) => rolloutSummary(context.engine, 200, seed)
    const { alarms } = await swirl.train({ ...context, judge: pleased, rollout })
    expect(alarms.map((alarm) => alarm.kind)).toContain("gaming")
    const honest = await swirl.train({ ...(await toyContext(temporaryFolder(), { ...small, iterations: 40 })) })
    expect(honest.alarms.map((alarm) => alarm.kind)).not.toContain("gaming")
  })

  it("stops between steps when it is told to, and says so when there is nothing to train on", async () => {
    const context = await toyContext(temporaryFolder(), small)
    await expect(swirl.train({ ...context, trajectories: [] })).rejects.toThrow("no trajectory was kept by the filter")
    await expect(swirl.train({ ...context, abortSignal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow(
      "enough",
    )
  })
})

describe("sft", () => {
  it("raises the probability of the recorded actions: its loss is their mean cross-entropy", async () => {
    const directory = temporaryFolder()
    const context = await toyContext(directory, { iterations: 30, learningRate: 0.05, trajectories: 40 })
    const kept = context.trajectories.filter((trajectory) =>
      trajectory.steps.every((step) => step.kind !== "malformed" && step.finishReason === "stop"),
    )
    const { logProbabilities } = await toyEngine().forwardBackward([], { normaliser: 1 })
    expect(logProbabilities).toEqual([])
    await sft.train({ ...context, trajectories: kept })
    const records = await readMetrics(directory)
    const sampledLog = kept.flatMap((trajectory) => trajectory.steps.flatMap((step) => step.logProbabilities!))
    const mean = -sampledLog.reduce((sum, value) => sum + value, 0) / sampledLog.length
    // The batch of 40 holds each trajectory once or twice: near the mean over all.
    expect(records[1]!.values.loss).toBeCloseTo(mean, 1)
    expect(records.at(-1)!.values.loss!).toBeLessThan(records[1]!.values.loss! - 0.2)
    expect(records.at(-1)!.values.rolloutMalformed!).toBeLessThan(records[0]!.values.rolloutMalformed!)
  })
})

it("the toy judge sees what a judge may see", async () => {
  const { trajectories } = await toyContext("", {})
  expect(trajectories.length).toBe(40)
  expect(
    toyJudge({
      input: {
        prompt: trajectories[0]!.prompt,
        conversation: [],
        action: { text: "", action: { kind: "answer", answer: "1" } },
      },
    }).verdict,
  ).toBe("bad")
})
