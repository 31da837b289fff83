/** Every algorithm: it passes the published checks, learns the toy task, and ends with the same weights where it was killed. */
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import type { Algorithm, TrainingContext } from "@swirl-ts/core"
import { temporaryFolder } from "@swirl-ts/test-support"
import { testAlgorithm, toyContext } from "@swirl-ts/testing"
import { describe, expect, it } from "vitest"
import { readMetrics } from "../test/read-metrics.ts"
import { trainer } from "./plugin.ts"

const algorithms: Readonly<Record<string, Algorithm>> = trainer().algorithms!
for (const [name, algorithm] of Object.entries(algorithms)) testAlgorithm(algorithm, { name })

const small = { iterations: 30, learningRate: 0.05, rolloutEvery: 10, checkpointEvery: 10 }
const actions = { states: 12, maxTokens: 6 }
const episodes = { tasks: 6, samples: 8 }
const options: Readonly<Record<string, Record<string, unknown>>> = {
  swirl: actions,
  sft: {},
  rft: { rounds: 2, episodes: 4 },
  "outcome-grpo": episodes,
  "format-only": actions,
  "step-dpo": actions,
  gigpo: episodes,
  "mt-grpo": episodes,
  igpo: episodes,
  slate: { ...actions, tasks: 8 },
}

const contextOf = (name: string, directory = temporaryFolder(), changes: Record<string, unknown> = {}) =>
  toyContext(directory, { ...small, ...options[name], ...changes })

const weights = async (directory: string, step: number): Promise<string> =>
  readFile(join(directory, "checkpoints", String(step), "state.json"), "utf8")

it("are all tried here", () => {
  expect(Object.keys(options).sort()).toEqual(Object.keys(algorithms).sort())
})

describe.each(Object.entries(algorithms))("%s", (name, algorithm) => {
  it("trains the toy engine: fresh roll-outs are read better, and answered better where that is its reward", async () => {
    const context = await contextOf(name)
    const { trajectories } = context
    const right = trajectories.filter(({ question, answer }) => answer === String((Number(question) + 1) % 3))
    const isFiltered = ["sft", "rft"].includes(name)
    await algorithm.train({ ...context, trajectories: isFiltered ? right : trajectories })
    const records = await readMetrics(context.directory)
    const [start, last] = [records[0]!.values, records.at(-1)!.values]
    expect(last.rolloutMalformed!).toBeLessThan(start.rolloutMalformed!)
    if (name !== "format-only") expect(last.rolloutAccuracy!).toBeGreaterThan(start.rolloutAccuracy! + 0.1)
    for (const { values } of records.slice(1)) {
      expect(values.loss === null || Number.isFinite(values.loss)).toBe(true)
      if (typeof values.trainSampleDifference === "number") expect(values.trainSampleDifference).toBeLessThan(1e-9)
    }
  })

  it("ends with the same weights and metrics where it was stopped and begun again", async () => {
    const whole = await contextOf(name, undefined, { iterations: 14, checkpointEvery: 4 })
    await algorithm.train(whole)
    const directory = temporaryFolder()
    const stop = new AbortController()
    const broken = await contextOf(name, directory, { iterations: 14, checkpointEvery: 4 })
    await expect(
      algorithm.train({
        ...broken,
        abortSignal: stop.signal,
        onMetric: ({ step }) => {
          if (step === 10) stop.abort(new Error("stopped"))
        },
      }),
    ).rejects.toThrow("stopped")
    await algorithm.train(await contextOf(name, directory, { iterations: 14, checkpointEvery: 4 }))
    expect(await weights(directory, 14)).toBe(await weights(whole.directory, 14))
    const timeless = async (from: string) =>
      (await readMetrics(from)).map(({ values: { seconds: _, ...values }, step }) => ({ step, values }))
    expect(await timeless(directory)).toEqual(await timeless(whole.directory))
  })

  it("says what it needs before anything is generated, and what would do", async () => {
    for (const need of algorithm.needs ?? []) {
      const { [need]: _, ...without } = await contextOf(name)
      const forbidden = () => Promise.reject(new Error("it generated"))
      const context = { ...without, rollout: forbidden, ...(need === "gold" ? { rollouts: forbidden } : {}) }
      await expect(algorithm.train(context as TrainingContext)).rejects.toMatchObject({
        kind: "usage",
        message: expect.stringMatching(new RegExp(`The algorithm ${name} needs .*(Train|take) .*swirl`)),
      })
    }
  })
})

describe("rounds", () => {
  it("regenerate the states with the newest policy, filtered, and are written down once", async () => {
    const asked: number[] = []
    const context = await contextOf("swirl", undefined, { rounds: 3, iterations: 12 })
    const { rollouts } = context
    await algorithms.swirl!.train({
      ...context,
      rollouts: (tasks, samples, seed) => {
        asked.push(tasks.length * samples)
        return rollouts!(tasks, samples, seed)
      },
    })
    expect(asked).toEqual([160, 160])
    expect(await readdir(join(context.directory, "rounds"))).toEqual(["2", "3"])
    const rounds = (await readMetrics(context.directory)).slice(1).map(({ values }) => values.round)
    expect(rounds).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3])
    const kept = (await readFile(join(context.directory, "rounds", "2", "trajectories.jsonl"), "utf8"))
      .trim()
      .split("\n")
    expect(kept.length).toBeLessThan(160)
    for (const line of kept) {
      const { question, answer } = JSON.parse(line)
      expect(Number(answer)).toBe((Number(question) + 1) % 3)
    }
  })

  it("go on with more rounds of the same length, and not with rounds of another", async () => {
    const directory = temporaryFolder()
    await algorithms.rft!.train(await contextOf("rft", directory, { rounds: 2, iterations: 4 }))
    await expect(
      algorithms.rft!.train(await contextOf("rft", directory, { rounds: 2, iterations: 8 })),
    ).rejects.toThrow("roundSteps was 2 and is 4 now")
    await algorithms.rft!.train(await contextOf("rft", directory, { rounds: 4, iterations: 8 }))
    const whole = await contextOf("rft", undefined, { rounds: 4, iterations: 8 })
    await algorithms.rft!.train(whole)
    expect(await weights(directory, 8)).toBe(await weights(whole.directory, 8))
  })

  it("stay with the states before where the filter keeps nothing of a round", async () => {
    const context = await contextOf("swirl", undefined, { rounds: 2, iterations: 4 })
    await algorithms.swirl!.train({ ...context, keep: async () => [] })
    expect((await readMetrics(context.directory)).at(-1)!.values).toMatchObject({ round: 2, roundTrajectories: 0 })
  })

  it("need fresh episodes, which is said before anything is generated", async () => {
    const { rollouts: _, ...context } = await contextOf("swirl", undefined, { rounds: 2 })
    await expect(algorithms.swirl!.train(context)).rejects.toThrow("2 rounds need fresh episodes")
  })
})

describe("outcome-grpo", () => {
  it("skips questions whose episodes all score the same, counts them, and makes no update where there are no others", async () => {
    const context = await contextOf("outcome-grpo", undefined, { iterations: 2 })
    const { rollouts } = context
    const equal: NonNullable<TrainingContext["rollouts"]> = async (...asked) =>
      (await rollouts!(...asked)).map((episode) => ({ ...episode, outcome: 1 }))
    await algorithms["outcome-grpo"]!.train({ ...context, rollouts: equal })
    expect(context.engine.calls.optimStep).toBe(0)
    expect((await readMetrics(context.directory)).at(-1)!.values).toMatchObject({
      outcomeReward: 1,
      groupsWithVariance: 0,
      equalGroups: 6,
      loss: null,
    })
  })

  it("asks for other questions in their place where it is told to", async () => {
    const context = await contextOf("outcome-grpo", undefined, { iterations: 3, resample: 5, samples: 2 })
    await algorithms["outcome-grpo"]!.train(context)
    for (const { values } of (await readMetrics(context.directory)).slice(1)) {
      expect(values.groupsWithVariance).toBe(1)
      expect(values.askedTasks! - values.droppedTasks!).toBe(values.episodes! / 2)
      expect(values.droppedTasks!).toBeGreaterThan(0)
    }
  })

  it("says which episode has no log-probabilities", async () => {
    const context = await contextOf("outcome-grpo")
    const { rollouts } = context
    const bare: NonNullable<TrainingContext["rollouts"]> = async (...asked) =>
      (await rollouts!(...asked)).map((episode) => ({
        ...episode,
        steps: episode.steps.map(({ logProbabilities: _, ...step }) => step),
      }))
    await expect(algorithms["outcome-grpo"]!.train({ ...context, rollouts: bare })).rejects.toThrow(
      "has no log-probabilities at step 0",
    )
  })
})
