/** The algorithms on the real engine: a tiny random transformer on wasm, reached through the registry. */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import {
  createRegistry,
  type Engine,
  type Host,
  type MetricRecord,
  type Step,
  type TrainingContext,
  type Trajectory,
  userMessage,
} from "@swirl-ts/core"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { trainer } from "@swirl-ts/trainer"
import { initBackend } from "@swirl-ts/transformer"
import { afterEach, beforeAll, describe, expect, it } from "vitest"
import { endToken, tinyPolicy } from "../../test/tiny-policy.ts"
import { local } from "../plugin.ts"

const registry = createRegistry([trainer(), local()])
const engines: Engine[] = []
let directory: string
let host: Host

beforeAll(async () => {
  await initBackend("wasm")
  directory = tinyPolicy(1).directory
  host = testHost({ workingDirectory: directory })
})
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.dispose()
})

/** Actions are letters; good ones begin with a vowel. */
async function context(into: string, options: Record<string, unknown>): Promise<TrainingContext> {
  const engine = await registry
    .resolve("engines", "local")
    .value.create({ policy: `local:${directory}`, backend: "wasm" }, host)
  engines.push(engine)
  const trajectories = [5, 6, 7, 8].map((letter): Trajectory => {
    const step = (index: number, contextTokenIds: number[], tokenIds: number[]): Step => ({
      index,
      kind: index === 0 ? "tool" : "answer",
      text: "",
      contextTokenIds,
      tokenIds,
      finishReason: "stop",
    })
    return {
      schema: "swirl.trajectory/1",
      id: `t${letter}`,
      taskId: `train/${letter}`,
      benchmark: "tiny/tiny",
      split: "train",
      epoch: 0,
      seed: 1,
      policy: "local:tiny",
      actionFormat: "letters",
      question: "",
      prompt: [userMessage("")],
      steps: [step(0, [2, letter, endToken, 3], [letter, endToken]), step(1, [2, 10, endToken, 3], [9, endToken])],
      status: "answered",
      answer: "",
      usage: { inputTokens: 0, outputTokens: 0 },
    }
  })
  return {
    engine,
    trajectories,
    format: {
      name: "letters",
      description: "letters",
      requestTools: () => [],
      parse: ({ text }) => (text === "" ? { kind: "malformed", reason: "empty" } : { kind: "answer", answer: text }),
      write: () => ({ text: "", toolCalls: [] }),
      turn: () => userMessage(""),
      reply: () => [],
      describe: () => "",
    },
    tools: [],
    judge: async (requests) =>
      requests.map(({ input }) => ({ verdict: /^[aei]/.test(input.action.text) ? "good" : "bad", reason: "" })),
    directory: into,
    seed: 1,
    options: { states: 8, samples: 8, maxTokens: 5, learningRate: 0.02, warmup: 2, checkpointEvery: 4, ...options },
  }
}

const swirl = registry.resolve("algorithms", "swirl").value

async function metrics(into: string): Promise<MetricRecord[]> {
  return (await readFile(join(into, "metrics.jsonl"), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
}

describe("on the local engine", () => {
  it("the dry run's loss is the engine's to 1e-6, for both kinds of KL", async () => {
    for (const kl of ["penalty", "exact"]) {
      const into = temporaryFolder()
      const trained = await context(into, { kl, beta: 0.5, iterations: 3 })
      await swirl.train(trained)
      const { data } = await swirl.dryRun!(trained)
      const { loss, engineLoss, rows } = data as { loss: number; engineLoss: number; rows: unknown[] }
      expect(rows.length).toBeGreaterThan(1)
      expect(Math.abs(loss - engineLoss)).toBeLessThan(1e-6)
    }
  })

  it("swirl raises the judged reward", async () => {
    const into = temporaryFolder()
    await swirl.train(await context(into, { iterations: 25 }))
    const records = await metrics(into)
    expect(records.at(-1)!.values.judgedReward!).toBeGreaterThan(records[1]!.values.judgedReward! + 0.3)
  })

  it("a stopped training ends with the weights of an unbroken one", async () => {
    const [broken, whole] = [temporaryFolder(), temporaryFolder()]
    const controller = new AbortController()
    const first = await context(broken, { iterations: 10 })
    const onMetric = ({ step }: MetricRecord) => {
      if (step === 6) controller.abort(new Error("stop"))
    }
    await expect(swirl.train({ ...first, onMetric, abortSignal: controller.signal })).rejects.toThrow("stop")
    const second = await context(broken, { iterations: 10 })
    await swirl.train(second)
    const unbroken = await context(whole, { iterations: 10 })
    await swirl.train(unbroken)
    const rows = [{ promptTokenIds: [2, 5, endToken, 3], tokenIds: [5, 6, 7, endToken] }]
    const [a] = await second.engine.logProbabilities(rows, "current")
    const [b] = await unbroken.engine.logProbabilities(rows, "current")
    a!.forEach((value, t) => {
      expect(Math.abs(value - b![t]!)).toBeLessThan(1e-5)
    })
    const timeless = (records: MetricRecord[]) => records.map((record) => ({ ...record.values, seconds: 0 }))
    expect(timeless(await metrics(broken))).toEqual(timeless(await metrics(whole)))
  })
})
