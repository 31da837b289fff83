import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import type { MetricRecord, TrainingContext } from "@swirl-ts/core"
import { temporaryFolder } from "@swirl-ts/test-support"
import { rolloutSummary, toyContext } from "@swirl-ts/testing"
import { describe, expect, it } from "vitest"
import { readMetrics } from "../test/read-metrics.ts"
import { bestStep } from "./going-back.ts"
import { swirl } from "./swirl.ts"

const options = { states: 12, iterations: 40, learningRate: 0.05, maxTokens: 6, rolloutEvery: 4, checkpointEvery: 30 }
const withStop = { ...options, stopOnAlarm: true }

/** A judge that can be pleased by calls that lead nowhere. */
async function gamed(directory: string, given: object): Promise<TrainingContext & { rolled: string[] }> {
  const context = await toyContext(directory, { ...given })
  const rolled: string[] = []
  return {
    ...context,
    rolled,
    judge: async (requests) =>
      requests.map(({ input }) => ({ verdict: input.action.action.kind === "tool" ? "good" : "bad", reason: "" })),
    rollout: (_, { step, seed }) => {
      rolled.push(`${step} ${context.engine.parameters}`)
      return rolloutSummary(context.engine, 200, seed)
    },
  }
}

const parametersOf = async (checkpoint: string): Promise<string> =>
  `${JSON.parse(await readFile(join(checkpoint, "state.json"), "utf8")).parameters}`
const comparable = (records: MetricRecord[]) =>
  records.map(({ values: { seconds: _, ...values }, ...rest }) => ({ ...rest, values }))

describe("a training that stops on an alarm", () => {
  it("ends with the first one, and gives the weights whose fresh roll-outs were best", async () => {
    const context = await gamed(temporaryFolder(), withStop)
    const result = await swirl.train(context)
    const records = await readMetrics(context.directory)
    const accuracies = records.flatMap(({ step, values }) =>
      typeof values.rolloutAccuracy === "number" ? [{ step, accuracy: values.rolloutAccuracy }] : [],
    )
    const best = accuracies.reduce((first, next) => (next.accuracy > first.accuracy ? next : first))
    expect(result.alarms.map(({ step }) => step)).toEqual([result.steps])
    expect(result.steps).toBeLessThan(40)
    expect(best.accuracy).toBeGreaterThan(accuracies.at(-1)!.accuracy)
    expect(result.stopped).toEqual({ step: result.steps, checkpoint: best.step })
    expect(result.checkpoint).toBe(join(context.directory, "checkpoints", `${best.step}`))
    // The weights that were rolled out then, not those that had a number of their own.
    expect(`${best.step} ${await parametersOf(result.checkpoint)}`).toBe(
      context.rolled.find((each) => each.startsWith(`${best.step} `)),
    )
  })

  it("has ended there when it is run again, and goes on where it is no longer asked to stop", async () => {
    const directory = temporaryFolder()
    const first = await swirl.train(await gamed(directory, withStop))
    const again = await gamed(directory, withStop)
    expect(await swirl.train(again)).toEqual(first)
    expect(again.rolled).toEqual([])
    const { stopped, steps } = await swirl.train(await gamed(directory, options))
    expect({ stopped, steps }).toEqual({ stopped: undefined, steps: 40 })
    const whole = await gamed(temporaryFolder(), options)
    await swirl.train(whole)
    expect(comparable(await readMetrics(directory))).toEqual(comparable(await readMetrics(whole.directory)))
  })

  it("goes back to the same step wherever it was interrupted", async () => {
    const unbroken = await swirl.train(await gamed(temporaryFolder(), withStop))
    const directory = temporaryFolder()
    for (const until of [0, 3, unbroken.steps]) {
      const controller = new AbortController()
      const context = await gamed(directory, withStop)
      const onMetric = ({ step }: MetricRecord): void => {
        if (step >= until) controller.abort(new Error("interrupted"))
      }
      const { saveState } = context.engine
      // Killed between the last metric and its checkpoint, too.
      if (until === unbroken.steps)
        context.engine.saveState = (path) =>
          path.includes(`-${until}`) ? Promise.reject(new Error("full")) : saveState(path)
      await expect(swirl.train({ ...context, abortSignal: controller.signal, onMetric })).rejects.toThrow()
    }
    const { stopped, steps } = await swirl.train(await gamed(directory, withStop))
    expect({ stopped, steps }).toEqual({ stopped: unbroken.stopped, steps: unbroken.steps })
  })

  it("keeps the best beside the newest, and nothing else", async () => {
    const { directory } = await gamed(temporaryFolder(), {})
    const { stopped } = await swirl.train(
      await gamed(directory, { ...withStop, checkpointEvery: 1, keepCheckpoints: 2 }),
    )
    const kept = (await readdir(join(directory, "checkpoints"))).map(Number).sort((a, b) => a - b)
    const best = bestStep(await readMetrics(directory))!
    expect(best).toBeLessThan(stopped!.step - 1)
    expect(kept).toEqual([best, stopped!.step - 1, stopped!.step])
    expect(stopped!.checkpoint).toBe(best)
  })

  it("ends as any other where no alarm is raised", async () => {
    const [plain, stopping] = [temporaryFolder(), temporaryFolder()]
    const quiet = { ...options, iterations: 6 }
    const { stopped, checkpoint } = await swirl.train(await toyContext(stopping, { ...quiet, stopOnAlarm: true }))
    await swirl.train(await toyContext(plain, quiet))
    expect([stopped, checkpoint]).toEqual([undefined, join(stopping, "checkpoints", "6")])
    expect(comparable(await readMetrics(stopping))).toEqual(comparable(await readMetrics(plain)))
  })

  it("is refused where there are no fresh roll-outs to go back by", async () => {
    const context = await toyContext(temporaryFolder(), withStop)
    await expect(swirl.train({ ...context, rollout: undefined })).rejects.toThrow(
      /this training makes none\. Give it some \(--rollout-tasks 100\)/,
    )
    expect(context.engine.calls.sample).toBe(0)
  })
})

describe("the best step", () => {
  const at = (step: number, rolloutAccuracy: number | null) => ({ step, values: { rolloutAccuracy } })
  it("is the first of the best, of those that can be gone back to; unscored roll-outs are none", () => {
    const records = [at(0, 0.3), { step: 1, values: {} }, at(5, 0.5), at(10, 0.5), at(15, null), at(20, 0.2)]
    expect(bestStep(records)).toBe(5)
    expect(bestStep(records, [0, 10, 20])).toBe(10)
    expect(bestStep([at(0, 0), at(5, 0)])).toBe(0)
    expect(bestStep([at(0, null)])).toBeUndefined()
  })
})
