import { existsSync } from "node:fs"
import { appendFile, readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { MetricRecord } from "@swirl-ts/core"
import { ended, hasEnded, startChild, temporaryFolder, until } from "@swirl-ts/test-support"
import { toyContext, toyEngine } from "@swirl-ts/testing"
import { beforeAll, describe, expect, it } from "vitest"
import { trainer } from "./plugin.ts"
import { sft } from "./sft.ts"
import { swirl } from "./swirl.ts"

const script = new URL("../test/train-child.ts", import.meta.url)
const options = { states: 8, iterations: 24, learningRate: 0.05, maxTokens: 6, rolloutEvery: 6, checkpointEvery: 5 }
const minimal = { iterations: 24, checkpointEvery: 5, rolloutEvery: 6 }

async function metrics(directory: string): Promise<MetricRecord[]> {
  const path = join(directory, "metrics.jsonl")
  if (!existsSync(path)) return []
  return (await readFile(path, "utf8")).split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line)]
    } catch {
      return []
    }
  })
}

/** What has to be equal: everything but the time it took. */
const comparable = (records: MetricRecord[]) =>
  records.map(({ values: { seconds: _, ...values }, ...rest }) => ({ ...rest, values }))

async function weights(directory: string, step: number): Promise<number[]> {
  return JSON.parse(await readFile(join(directory, "checkpoints", String(step), "state.json"), "utf8")).parameters
}

/** Runs the training in a process of its own; kills it when `reached` says so. */
async function runChild(algorithm: string, directory: string, reached?: () => Promise<boolean>) {
  const own = algorithm === "swirl" ? options : minimal
  const child = startChild(script, algorithm, directory, JSON.stringify(own))
  if (reached) {
    await until(async () => hasEnded(child) || (await reached()))
    child.kill("SIGKILL")
  }
  const code = await ended(child)
  if (code) throw new Error(`the training ended with exit code ${code}`)
  return code
}

describe("a training that is killed", () => {
  let unbroken: string
  beforeAll(async () => {
    unbroken = temporaryFolder()
    await swirl.train(await toyContext(unbroken, options))
  })

  it("ends with the weights and metrics of an unbroken one, wherever the kills fell", async () => {
    const directory = temporaryFolder()
    let kills = 0
    // Before the first checkpoint, between checkpoints, at once after metric 15 (its checkpoint may be half written).
    for (const steps of [2, 8, 12, 16, 21]) {
      const code = await runChild("swirl", directory, async () => (await metrics(directory)).length >= steps)
      if (code === null) kills += 1
    }
    expect(kills).toBe(5)
    await runChild("swirl", directory)
    expect(comparable(await metrics(directory))).toEqual(comparable(await metrics(unbroken)))
    const [resumed, whole] = [await weights(directory, 24), await weights(unbroken, 24)]
    const apart = Math.max(...resumed.map((value, index) => Math.abs(value - whole[index]!)))
    expect(apart).toBeLessThan(1e-5)
    expect((await readdir(join(directory, "checkpoints"))).sort()).toEqual(["20", "24"])
  }, 60_000)

  it("cuts off a torn metric line and takes back metrics after the last checkpoint", async () => {
    const directory = temporaryFolder()
    const controller = new AbortController()
    const context = await toyContext(directory, options)
    const stopped = swirl.train({
      ...context,
      abortSignal: controller.signal,
      onMetric: ({ step }) => {
        if (step === 8) controller.abort(new Error("stop"))
      },
    })
    await expect(stopped).rejects.toThrow("stop")
    expect((await metrics(directory)).at(-1)!.step).toBe(8)
    await appendFile(join(directory, "metrics.jsonl"), '{"schema":"swirl.metric/1","st')
    const seen: number[] = []
    await swirl.train({ ...(await toyContext(directory, options)), onMetric: ({ step }) => seen.push(step) })
    expect(seen[0]).toBe(6)
    expect(comparable(await metrics(directory))).toEqual(comparable(await metrics(unbroken)))
  })

  it("never takes a half-written checkpoint for one", async () => {
    const directory = temporaryFolder()
    const context = await toyContext(directory, options)
    const { saveState } = context.engine
    context.engine.saveState = async (path) => {
      if (path.includes("10")) {
        await writeFile(join(path, "state.json"), '{"parameters":[1,')
        throw new Error("the disk is full")
      }
      await saveState(path)
    }
    await expect(swirl.train(context)).rejects.toThrow("the disk is full")
    expect((await metrics(directory)).at(-1)!.step).toBe(10)
    const seen: number[] = []
    await swirl.train({ ...(await toyContext(directory, options)), onMetric: ({ step }) => seen.push(step) })
    expect(seen[0]).toBe(6)
    expect(await weights(directory, 24)).toEqual(await weights(unbroken, 24))
    expect((await readdir(join(directory, "checkpoints"))).sort()).toEqual(["20", "24"])
  })

  it.each(["sft", "rft", "outcome-grpo", "igpo"] as const)(
    "does so for %s, too",
    async (name) => {
      const [directory, whole] = [temporaryFolder(), temporaryFolder()]
      await trainer().algorithms![name].train(await toyContext(whole, minimal))
      for (const steps of [4, 10])
        await runChild(name, directory, async () => (await metrics(directory)).length >= steps)
      await runChild(name, directory)
      expect(comparable(await metrics(directory))).toEqual(comparable(await metrics(whole)))
      expect(await weights(directory, 24)).toEqual(await weights(whole, 24))
    },
    60_000,
  )

  it("returns at once, with all its alarms, when it is complete already", async () => {
    const engine = toyEngine()
    const context = await toyContext(unbroken, options, { engine })
    const result = await swirl.train(context)
    expect(engine.calls.sample).toBe(0)
    expect(result.steps).toBe(24)
    expect([...engine.parameters]).toEqual(await weights(unbroken, 24))
  })
})

describe("training.json", () => {
  it("refuses another training in the same folder and names what differs", async () => {
    const directory = temporaryFolder()
    await swirl.train(await toyContext(directory, { ...options, iterations: 2 }))
    const again = async (changed: object, seed = 1) =>
      swirl.train(await toyContext(directory, { ...options, iterations: 2, ...changed }, { seed }))
    await expect(again({ learningRate: 0.01, beta: 0.5 })).rejects.toThrow(
      /holds a training with other settings: learningRate was 0\.05 and is 0\.01 now; beta was 0\.02 and is 0\.5 now\./,
    )
    await expect(again({}, 2)).rejects.toThrow(/seed was 1 and is 2 now; trajectoryTokens was/)
    await expect(sft.train(await toyContext(directory, { iterations: 2 }))).rejects.toThrow('algorithm was "swirl"')
  })

  it("lets a training go on further, to the same end as if it had been asked for at once", async () => {
    const [directory, whole] = [temporaryFolder(), temporaryFolder()]
    await swirl.train(await toyContext(directory, { ...options, iterations: 6 }))
    await swirl.train(await toyContext(directory, { ...options, iterations: 12 }))
    await swirl.train(await toyContext(whole, { ...options, iterations: 12 }))
    expect(await weights(directory, 12)).toEqual(await weights(whole, 12))
    expect(comparable(await metrics(directory))).toEqual(comparable(await metrics(whole)))
    await expect(swirl.train(await toyContext(directory, { ...options, iterations: 6 }))).rejects.toThrow(
      "is at step 12 already, beyond 6 iterations",
    )
  })
})
