/** Stages close what they open for tools: a plugin whose tool, retriever and embedder say what is open. */
import { createRegistry, definePlugin, type RetrieverContext, type ToolContext, userMessage } from "@swirl-ts/core"
import { formats } from "@swirl-ts/runner"
import { fakeModel, idleEngine, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { trainer } from "@swirl-ts/trainer"
import { expect, test } from "vitest"
import { z } from "zod"
import { evaluateCell } from "./evaluate/evaluate.ts"
import { generate } from "./generate/generate.ts"
import { judge } from "./judge/judge.ts"
import { indexCorpus } from "./retrieve/index-corpus.ts"
import { searchCorpus } from "./retrieve/search-corpus.ts"
import { train } from "./train/train.ts"

const opened: string[] = []
const open = new Set<string>()
function begin(what: string) {
  const name = `${what} ${opened.length}`
  opened.push(what)
  open.add(name)
  return async () => void open.delete(name)
}

const corpus = { id: "towns", passages: () => [{ title: "Oslo", text: "a town" }] }
/** Asks once, then answers. */
const policy = fakeModel((_options, step) => (step === 0 ? "<find>town</find>" : "<answer>Oslo</answer>"))

const plugin = definePlugin({
  meta: { name: "mine", version: "1.0.0", apiVersion: 1 },
  benchmarks: {
    towns: {
      description: "",
      splits: ["train", "test"],
      tools: [{ name: "find" }],
      limits: { toolCalls: 2, steps: 3, stepTokens: 9, trajectoryTokens: 99 },
      primaryMetric: "exact",
      async *load(split, { limit = 6 }) {
        for (let i = 0; i < limit; i++) yield { id: `${split}/${i}`, question: "which ?", answer: "Oslo" }
      },
      prompt: () => [userMessage("which ?")],
      score: (_task: unknown, answer: string | undefined) => ({ exact: answer === "Oslo" ? 1 : 0 }),
      corpus: () => corpus,
    },
  },
  tools: {
    find: {
      description: "",
      inputSchema: z.object({ query: z.string() }),
      execute: () => "unbound",
      async bind({ openRetriever, corpus }: ToolContext) {
        const index = await openRetriever!("shelf", corpus!)
        return {
          description: "",
          inputSchema: z.object({ query: z.string() }),
          execute: async ({ query }: { query: string }) => (await index.search(query, 1))[0]!.title,
        }
      },
    },
  },
  retrievers: {
    shelf: {
      description: "",
      async open(_corpus, { openEmbedder }: RetrieverContext = {}) {
        await openEmbedder!("letters:small")
        const search = () => [{ title: "Oslo", text: "a town", index: 0, score: 1 }]
        return { size: 1, search, close: begin("index") }
      },
    },
  },
  embedders: {
    letters: {
      description: "",
      open: async () => ({ identity: "letters", dimensions: 1, embed: async () => [], close: begin("embedder") }),
    },
  },
  models: { fake: { description: "", open: async () => ({ model: policy, identity: "fake" }) } },
  judges: {
    any: { description: "", create: () => ({ identity: "any", judge: () => ({ verdict: "good", reason: "" }) }) },
  },
  engines: { none: { description: "", create: async () => idleEngine() } },
  algorithms: {
    probe: {
      description: "",
      async train({ rollout, onMetric }) {
        for (const step of [1, 2]) {
          await rollout!(policy, { step, seed: step })
          onMetric!({ schema: "swirl.metric/1", step, values: {}, alarms: [] })
        }
        return { checkpoint: "", steps: 2, alarms: [] }
      },
    },
  },
})

const contextIn = (directory: string, onProgress?: () => void) => ({
  registry: createRegistry([plugin, trainer(), formats()]),
  host: testHost(),
  directory,
  seed: 1,
  concurrency: 3,
  onProgress,
})
const rolled = { model: "fake", actionFormat: "tags", temperature: 0, limit: 4 }
const generation = { ...rolled, benchmarks: ["towns"], split: "train", samples: 2 }
const searching = { corpus: "towns", retriever: "shelf", mode: "text" } as const
const training = {
  name: "first",
  policy: "fake",
  algorithm: "probe",
  engine: "none",
  strategy: "process",
  judge: "any",
  options: {},
  rolloutTasks: 2,
}

test.each([
  ["generate", (context) => generate(context, generation)],
  ["eval", (context) => evaluateCell(context, { ...rolled, benchmark: "towns", split: "test", epochs: 1 })],
  ["train", (context) => judge(context, { judge: "any" }).then(() => train(context, training))],
  ["search", (context) => searchCorpus(context, { ...searching, query: "town", count: 1 })],
  ["index", (context) => indexCorpus(context, searching)],
] as [string, (context: ReturnType<typeof contextIn>) => Promise<unknown>][])(
  "%s opens one index and one embedder of another plugin, and closes both, also after an error",
  async (name, stage) => {
    const directory = temporaryFolder()
    if (name === "train") await generate(contextIn(directory), generation)
    opened.length = 0
    await stage(contextIn(directory))
    expect(opened).toEqual(["embedder", "index"])
    expect([...open]).toEqual([])
    if (name === "search" || name === "index") return
    // What was done is not done again, so the failing one needs a folder of its own.
    const other = temporaryFolder()
    if (name === "train") await generate(contextIn(other), generation)
    const failing = contextIn(other, () => {
      if (open.size > 0) throw new Error("a failing terminal")
    })
    await expect(stage(failing)).rejects.toThrow("a failing terminal")
    expect([...open]).toEqual([])
  },
)

test("an index that cannot be opened leaves no embedder open", async () => {
  const broken = definePlugin({
    meta: { name: "broken", version: "1.0.0", apiVersion: 1 },
    retrievers: {
      none: {
        description: "",
        async open(_corpus, { openEmbedder }: RetrieverContext = {}) {
          await openEmbedder!("letters:small")
          throw new Error("no disk")
        },
      },
    },
  })
  const context = { ...contextIn(temporaryFolder()), registry: createRegistry([plugin, broken]) }
  opened.length = 0
  await expect(indexCorpus(context, { ...searching, retriever: "none" })).rejects.toThrow("no disk")
  expect([opened, [...open]]).toEqual([["embedder"], []])
})
