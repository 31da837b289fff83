/** What a stranger's code throws, or gives in place of what it should, is a sentence with its full name, in every stage. */
import { createRegistry, definePlugin, type Task, userMessage } from "@swirl-ts/core"
import { fakeModel, idleEngine, plainFormat, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { z } from "zod"
import { evaluateCell } from "./evaluate/evaluate.ts"
import { filter } from "./filter/filter.ts"
import { generate } from "./generate/generate.ts"
import { judge } from "./judge/judge.ts"
import { searchCorpus } from "./retrieve/search-corpus.ts"
import { train } from "./train/train.ts"

const fails = (): never => {
  throw new TypeError("x is undefined")
}
const benchmark = {
  description: "",
  splits: ["test", "train"],
  tools: [],
  limits: { toolCalls: 1, steps: 2, stepTokens: 9, trajectoryTokens: 99 },
  primaryMetric: "exact",
  load: (): Task[] => [{ id: "a", question: "which ?", answer: "Oslo" }],
  prompt: () => [userMessage("which ?")],
  score: () => ({ exact: 1 }),
  corpus: () => ({ id: "towns", passages: () => [] }),
}
const tool = (bind: () => unknown) => ({ description: "finds", inputSchema: z.object({}), execute: () => "", bind })
const good = { description: "", create: () => ({ identity: "good", judge: () => ({ verdict: "good", reason: "" }) }) }
const keepAll = { description: "", needs: [], keep: () => true }
const noEngine = { description: "", create: async () => ({ dispose() {} }) }

const mine = definePlugin({
  meta: { name: "mine", version: "1.0.0", apiVersion: 1 },
  models: {
    fake: { description: "", open: async () => ({ model: fakeModel(() => "Oslo"), identity: "fake" }) },
    rejects: { description: "", open: async () => fails() },
    junk: { description: "", open: async () => ({ identity: "x" }) },
  },
  actionFormats: {
    plain: plainFormat,
    broken: { ...plainFormat, name: "broken", parse: fails },
    silent: { ...plainFormat, name: "silent", parse: () => undefined },
  },
  tools: { unbound: tool(fails), nothing: tool(() => undefined) },
  benchmarks: {
    sound: benchmark,
    unbound: { ...benchmark, tools: [{ name: "unbound" }] },
    nothing: { ...benchmark, tools: [{ name: "mine/nothing" }] },
    sums: { ...benchmark, aggregate: fails },
    sum: { ...benchmark, aggregate: () => 1 },
    steps: { ...benchmark, goldSteps: fails },
  },
  judges: { good, create: { description: "", create: fails }, nobody: { description: "", create: () => ({}) } },
  filters: {
    all: keepAll,
    fails: { ...keepAll, keep: fails },
    later: { ...keepAll, keep: async () => fails() },
    count: { ...keepAll, keep: () => 1 },
  },
  retrievers: { fails: { description: "", open: fails }, nothing: { description: "", open: () => undefined } },
  engines: {
    none: noEngine,
    fails: { description: "", create: fails },
    fake: { description: "", create: async () => idleEngine() },
  },
  algorithms: { fails: { description: "", train: fails }, nothing: { description: "", train: async () => undefined } },
} as never)

const context = (directory = temporaryFolder()) => ({
  registry: createRegistry([mine]),
  host: testHost(),
  directory,
  seed: 1,
  concurrency: 2,
})
const rolled = { model: "fake", actionFormat: "plain", temperature: 0, split: "test" }
const evaluated = (request: object) => evaluateCell(context(), { ...rolled, benchmark: "sound", epochs: 1, ...request })
const made = async () => {
  const here = context()
  await generate(here, { ...rolled, benchmarks: ["sound"], samples: 1 })
  return here
}
const trained = async (request: object) =>
  train(await made(), {
    ...{ name: "x", policy: "fake", strategy: "all", judge: "good", options: {}, rolloutTasks: 0 },
    ...{ engine: "fake", algorithm: "fails", ...request },
  })

test("the plugin itself has no problem: it is found where it is called", () => {
  expect(createRegistry([mine])).toMatchObject({ broken: [], notices: [] })
})

test.each<[string, () => Promise<unknown>]>([
  ["Model mine/rejects: open failed: x is undefined", () => evaluated({ model: "rejects" })],
  ['Model mine/junk: open gave no model that can be used: "model" is missing.', () => evaluated({ model: "junk" })],
  ["Benchmark mine/sums: aggregate failed: x is undefined", () => evaluated({ benchmark: "sums" })],
  ["Benchmark mine/sum: aggregate gave no metrics that can be used", () => evaluated({ benchmark: "sum" })],
  ["Judge mine/create: create failed: x is undefined", async () => judge(await made(), { judge: "create" })],
  [
    'Judge mine/nobody: create gave no judge that can be used: "identity" is missing',
    async () => judge(await made(), { judge: "nobody" }),
  ],
  [
    "Filter mine/fails: keep failed: x is undefined",
    async () => filter(await made(), { strategy: "fails", judge: "good" }),
  ],
  [
    "Filter mine/later: keep gave a promise for trajectory",
    async () => filter(await made(), { strategy: "later", judge: "good" }),
  ],
  [
    "Filter mine/count: keep gave 1 for trajectory",
    async () => filter(await made(), { strategy: "count", judge: "good" }),
  ],
  [
    "Retriever mine/fails: open failed: x is undefined",
    () => searchCorpus(context(), { corpus: "sound", retriever: "fails", mode: "text", query: "x", count: 1 }),
  ],
  [
    "Retriever mine/nothing: open gave no passage index",
    () => searchCorpus(context(), { corpus: "sound", retriever: "nothing", mode: "text", query: "x", count: 1 }),
  ],
  ["Engine mine/fails: create failed: x is undefined", () => trained({ engine: "fails" })],
  ['Engine mine/none: create gave no engine that can be used: "sample" is missing', () => trained({ engine: "none" })],
  ["Algorithm mine/fails: train failed: x is undefined", () => trained({})],
  ["Algorithm mine/nothing: train gave no training result that can be used", () => trained({ algorithm: "nothing" })],
])("%s", async (problem, run) => {
  await expect(run()).rejects.toThrow(problem)
})

test.each<[string, object]>([
  ["Tool unbound (of benchmark mine/unbound): bind failed: x is undefined", { benchmark: "unbound" }],
  ["Tool mine/nothing (of benchmark mine/nothing): bind gave no tool that can be used", { benchmark: "nothing" }],
  ["Action format mine/broken: parse failed: x is undefined", { actionFormat: "broken" }],
  ["Action format mine/silent: parse gave undefined, which is no action", { actionFormat: "silent" }],
])("%s, in the record of the task", async (problem, request) => {
  const { errors, reasons } = await evaluated(request)
  expect([errors, Object.keys(reasons)]).toEqual([1, [expect.stringContaining(problem)]])
})

test("Benchmark mine/steps: goldSteps failed, in the sample that is unscored for it", async () => {
  const { unscored, reasons } = await evaluated({ benchmark: "steps" })
  expect([unscored, Object.keys(reasons)]).toEqual([
    1,
    ["Benchmark mine/steps: goldSteps failed: x is undefined"].map((text) => expect.stringContaining(text)),
  ])
})
