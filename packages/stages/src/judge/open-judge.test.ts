import { sandbox } from "@swirl-ts/bench-sandbox"
import { createRegistry, definePlugin, type Judge, type JudgeFactory, type Seen, userMessage } from "@swirl-ts/core"
import { judges } from "@swirl-ts/judges"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { z } from "zod"
import { judgeStage, openJudge } from "./open-judge.ts"

const factory = (asksModel: boolean | undefined, identity: string): JudgeFactory => ({
  description: "",
  asksModel,
  create: (): Judge => ({ identity, judge: () => ({ verdict: "good", reason: "" }) }),
})

const benchmark = (load: () => AsyncIterable<{ id: string; question: string }>, splits: string[]) => ({
  description: "",
  splits,
  tools: [],
  limits: { toolCalls: 1, steps: 1, stepTokens: 1, trajectoryTokens: 1 },
  primaryMetric: "accuracy",
  load,
  prompt: () => [],
  score: () => ({ accuracy: 1 }),
})

let reading = 0
async function* tasks(question: string) {
  reading++
  try {
    yield { id: "1", question }
  } finally {
    reading--
  }
}

const plugin = definePlugin({
  meta: { name: "made-up", version: "1.0.0", apiVersion: 1 },
  judges: {
    paid: factory(true, "paid"),
    named: factory(undefined, "named model=none"),
  },
  benchmarks: {
    sums: benchmark(() => tasks("1 + 1 ?"), ["train"]),
    names: benchmark(() => tasks("who ?"), ["other"]),
  },
  oracles: {
    knows: {
      description: "",
      create: () => ({ identity: "knows", judge: (_input, task) => ({ verdict: "good", reason: task.question }) }),
    },
  },
})

const context = (...plugins: unknown[]) => {
  const directory = temporaryFolder()
  return {
    registry: createRegistry([plugin, ...plugins]),
    host: testHost({ cacheDirectory: directory }),
    directory,
    seed: 1,
    concurrency: 1,
  }
}

test("a judge that says it asks a model has a stage a setting, whatever its identity looks like", async () => {
  const stages = []
  for (const name of ["paid", "named"]) {
    const judge = openJudge(context(), name, { votes: 3 })
    const identity = await judge.identity("made-up/sums")
    stages.push(judgeStage("judge", judge, { "made-up/sums": identity }))
  }
  expect(stages).toEqual([
    { "judge/paid/b8816ddd": { judge: "paid", identities: ["paid"] } },
    { "judge/named": { judge: "named", options: { votes: 3 } } },
  ])
})

test("an oracle is shown the task of the benchmark and split that it is asked about, not another one of the same id", async () => {
  const judge = openJudge(context(), "knows")
  const input = { prompt: [], conversation: [], action: { text: "", action: { kind: "answer", answer: "" } as const } }
  const verdicts = await judge.verdicts([
    { input, taskId: "1", benchmark: "made-up/sums", split: "train" },
    { input, taskId: "1", benchmark: "made-up/names", split: "other" },
  ])
  expect(verdicts.map((verdict) => verdict.reason)).toEqual(["1 + 1 ?", "who ?"])
  expect(reading).toBe(2)
  await judge.close()
  expect(reading).toBe(0)
})

test("a benchmark hands its own words to a judge, a command's options go before them, and no other benchmark gets them", async () => {
  const there = context(sandbox(), judges())
  const identities = (options?: object) =>
    Promise.all(
      ["bench-sandbox/calc", "made-up/sums", "nowhere/loaded"].map((name) =>
        openJudge(there, "grounded", { ...options }).identity(name),
      ),
    )
  const [calc, sums, unknown] = await identities()
  expect(calc).toBe("judges/grounded/1 bench-sandbox/calc bcfd7062")
  const [, , realText] = sums!.split(" ")
  expect(unknown).toBe(`judges/grounded/1 nowhere/loaded ${realText}`)
  const [each, eachSum] = await identities({ repeatedNumbers: "each" })
  expect(each).not.toBe(calc)
  expect(eachSum!.endsWith(each!.split(" ")[2]!)).toBe(false)
})

test("a judge of steps reaches the rule of a benchmark's tool, on input that fits its schema, and is told no other tool's", async () => {
  const tool = {
    description: "",
    inputSchema: z.object({ miles: z.number() }),
    execute: () => "",
    isSupported: ({ miles }: { miles: number }, { question }: Seen) => ({
      supported: question.includes(`${miles} miles`),
      reason: `asked: ${question}`,
    }),
  }
  const first = definePlugin({
    meta: { name: "first", version: "1.0.0", apiVersion: 1 },
    tools: { search: { ...tool, isSupported: () => undefined } },
  })
  const own = definePlugin({
    meta: { name: "trips", version: "1.2.3", apiVersion: 1 },
    tools: { search: tool },
    benchmarks: { trips: { ...benchmark(() => tasks("?"), ["train"]), tools: [{ name: "search" }] } },
  })
  const judge = openJudge(context(first, own, judges()), "grounded")
  expect(await judge.identity("trips/trips")).toMatch(/^judges\/grounded\/2 trips\/trips \w{8} rules=\w{8}$/)
  expect(await judge.identity("made-up/sums")).toMatch(/^judges\/grounded\/1 made-up\/sums \w{8}$/)
  const step = (input: unknown) => ({
    input: {
      prompt: [userMessage("Question: how far are 3 miles?")],
      conversation: [],
      action: { text: "", action: { kind: "tool" as const, tool: "search", input, query: "" } },
    },
    ...{ taskId: "1", benchmark: "trips/trips", split: "train" },
  })
  expect(await judge.verdicts([step({ miles: 3 }), step({ miles: 4 }), step({ miles: "3" })])).toEqual([
    { verdict: "good", reason: "asked: how far are 3 miles?" },
    { verdict: "bad", reason: "asked: how far are 3 miles?" },
    { verdict: "bad", reason: expect.stringContaining("its input is invalid: ") },
  ])
})
