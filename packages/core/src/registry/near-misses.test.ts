import { expect, test } from "vitest"
import { z } from "zod"
import { createRegistry } from "./create-registry.ts"
import { definePlugin } from "./plugin.ts"

const benchmark = {
  description: "Capitals.",
  splits: ["test"],
  tools: [{ name: "a" }],
  limits: { toolCalls: 0, steps: 1, stepTokens: 64, trajectoryTokens: 1024 },
  async *load() {},
  prompt: () => [],
  score: () => ({ exact: 1 }),
  primaryMetric: "exact",
}
const tool = { description: "a tool", inputSchema: z.object({ q: z.string() }), execute: () => "" }
const judge = { description: "a judge", create: () => ({ identity: "a", judge: () => ({ verdict: "good" }) }) }
const filter = { description: "a filter", needs: [], keep: () => true }

const registryOf = (contributions: object) =>
  createRegistry([
    {
      origin: "mine",
      plugin: definePlugin({
        meta: { name: "mine", version: "1.0.0", apiVersion: 1 },
        ...({ tools: { a: tool }, ...contributions } as object),
      }),
    },
  ])

test.each<[object, string]>([
  [{ benchmarks: { x: { ...benchmark, evaluationSplt: "test" } } }, 'benchmark mine/x has "evaluationSplt"'],
  [{ benchmarks: { x: { ...benchmark, corpuss: () => {} } } }, 'benchmark mine/x has "corpuss"'],
  [{ benchmarks: { x: { ...benchmark, limits: { ...benchmark.limits, stps: 4 } } } }, 'mine/x has "limits.stps"'],
  [{ benchmarks: { x: { ...benchmark, tools: [{ name: "a", optoins: {} }] } } }, 'mine/x has "tools.0.optoins"'],
  [{ benchmarks: { x: { ...benchmark, files: { fetchh: () => {} } } } }, 'mine/x has "files.fetchh"'],
  [{ tools: { a: { ...tool, isSuported: () => true } } }, 'tool mine/a has "isSuported"'],
  [{ tools: { a: { ...tool, tag: { name: "a", argument: "q", argumnet: "" } } } }, 'tool mine/a has "tag.argumnet"'],
  [{ judges: { x: { ...judge, asksModle: true } } }, 'judge mine/x has "asksModle"'],
  [{ oracles: { x: { ...judge, askModel: true } } }, 'oracle judge mine/x has "askModel"'],
  [{ outcomeJudges: { x: { ...judge, AsksModel: true } } }, 'outcome judge mine/x has "AsksModel"'],
  [{ filters: { x: { ...filter, need: ["outcome"] } } }, 'filter mine/x has "need"'],
])("what is written almost like a field is said with what was meant: %#", (contributions, said) => {
  const { broken, notices } = registryOf(contributions)
  expect(broken).toEqual([])
  expect(notices).toEqual([
    expect.stringMatching(new RegExp(`^The .*${said.replaceAll(".", "\\.")}.*Did you mean "\\w+"\\?$`)),
  ])
})

test("fields of its own, of the AI SDK and of classes are nobody's business", () => {
  class Own {
    description = benchmark.description
    splits = benchmark.splits
    _tools = new Map()
    tools = benchmark.tools
    limits = benchmark.limits
    load = benchmark.load
    prompt = benchmark.prompt
    score = benchmark.score
    primaryMetric = benchmark.primaryMetric
  }
  const sdk = {
    id: "a.b",
    name: "a",
    title: "A",
    type: "provider",
    args: {},
    metadata: {},
    outputSchema: z.string(),
    inputExamples: [],
    providerOptions: {},
    strict: true,
    needsApproval: false,
    onInputStart: () => {},
    toModelOutput: () => {},
  }
  const benchmarks = { x: new Own(), y: { ...benchmark, questions: [], cache: new Map(), seed: 7 } }
  expect(registryOf({ tools: { a: { ...tool, ...sdk } }, benchmarks })).toMatchObject({ broken: [], notices: [] })
})

test("options for a tool that is not bound are said, and those for one that is are not", () => {
  const benchmarks = { x: { ...benchmark, tools: [{ name: "a", options: { count: 3 } }] } }
  expect(registryOf({ benchmarks }).notices).toEqual([
    "Benchmark mine/x has options for the tool mine/a, which has no `bind` to be told them by: they are not used.",
  ])
  expect(registryOf({ benchmarks, tools: { a: { ...tool, bind: () => tool } } }).notices).toEqual([])
})
