/** The coverage that an evaluation shows is in its folder, question by question, and says the same when it is read back. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { createRegistry, definePlugin, type Passage, type Task, userMessage } from "@swirl-ts/core"
import { formats } from "@swirl-ts/runner"
import { policySlug, runPaths } from "@swirl-ts/store"
import { fakeModel, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import type { CellEvaluation } from "./cell-evaluation.ts"
import { readCoverage } from "./coverage-record.ts"
import { evaluateCells } from "./evaluate.ts"

const gold: Record<string, string[]> = {
  a: ["Oslo", "Beyonce\u0301"],
  b: ["Oslo", "Oslofjord"],
  c: [],
  d: ["Tom &amp; Jerry"],
}
const passages = ["Oslo", "Beyoncé", "Tom_&_Jerry"].map((title) => ({ title, text: "…" }))
const now = { id: "towns", passages: passages as readonly Passage[], read: 0, fails: false }

const towns = {
  description: "",
  splits: ["test"],
  tools: [],
  limits: { toolCalls: 0, steps: 1, stepTokens: 9, trajectoryTokens: 99 },
  primaryMetric: "exact",
  load: () => Object.keys(gold).map((id) => ({ id, question: `${id}?`, answer: "Oslo" })),
  prompt: ({ question }: Task) => [userMessage(question)],
  score: () => ({ exact: 1 }),
  corpus: () => ({
    id: now.id,
    passages() {
      now.read++
      if (now.fails) throw new Error("the index is elsewhere")
      return now.passages
    },
  }),
  retrieval: { goldTitles: ({ id }: Task) => gold[id]! },
}
const plugin = definePlugin({
  meta: { name: "own", version: "1.0.0", apiVersion: 1 },
  benchmarks: { towns, plain: { ...towns, retrieval: undefined } },
  models: {
    fake: {
      description: "",
      open: async () => ({ model: fakeModel(() => "<answer>Oslo</answer>"), identity: "fake" }),
    },
  },
})
const path = (directory: string): string =>
  runPaths(directory).evaluation(policySlug("fake", { identity: "fake" }), "own/towns").coverage

async function evaluate(directory: string, request: object = {}): Promise<{ cell: CellEvaluation; log: string[] }> {
  const log: string[] = []
  const host = testHost({ log: (line) => log.push(line) })
  const context = { registry: createRegistry([plugin, formats()]), host, directory, seed: 1, concurrency: 2 }
  const asked = { benchmark: "towns", split: "test", model: "fake", actionFormat: "tags", epochs: 1, ...request }
  const [cell] = await evaluateCells(context, [asked])
  return { cell: cell!, log }
}

test("what the corpus holds is counted over the questions asked, recorded, and read back as it was shown", async () => {
  const directory = temporaryFolder()
  const { cell } = await evaluate(directory)
  expect(cell.coverage).toEqual({ known: 3, held: 2 })
  const own = { benchmark: "own/towns", split: "test" }
  expect(await readCoverage(path(directory), own, Object.keys(gold))).toEqual(cell.coverage)
  expect(await readCoverage(path(directory), own, ["a", "b"])).toEqual({ known: 2, held: 1 })
  expect(await readCoverage(path(directory), own, ["a", "gone"])).toBeUndefined()
  expect(await readCoverage(path(directory), { ...own, split: "train" }, ["a"])).toBeUndefined()
  expect(JSON.parse(readFileSync(path(directory), "utf8")).cells["own/towns/test"].b).toEqual({
    corpus: "towns",
    gold: ["Oslo", "Oslofjord"],
    missing: ["Oslofjord"],
  })
})

test("fewer questions and more of them are counted as asked; a corpus is read for what is new, and another one is refused", async () => {
  const directory = temporaryFolder()
  const coverage = async (request: object) => {
    now.read = 0
    const { cell } = await evaluate(directory, request)
    return [cell.coverage, now.read]
  }
  expect(await coverage({ limit: 1 })).toEqual([{ known: 1, held: 1 }, 1])
  expect(await coverage({ limit: 2 })).toEqual([{ known: 2, held: 1 }, 1])
  expect(await coverage({ limit: 1 })).toEqual([{ known: 1, held: 1 }, 0])
  expect(await coverage({ limit: 2 })).toEqual([{ known: 2, held: 1 }, 0])
  now.id = "other towns"
  now.passages = [{ title: "Bergen", text: "" }]
  await expect(coverage({ limit: 1 })).rejects.toThrow("the passages that own/towns/test is searched in are others")
  expect(now.read).toBe(0)
  now.id = "towns"
  now.passages = passages
})

test("no gold titles, a corpus that cannot be read, or a broken record leaves the column out; where it should be there, why is said", async () => {
  const directory = temporaryFolder()
  expect((await evaluate(directory, { benchmark: "plain" })).cell.coverage).toBeUndefined()
  now.fails = true
  const { cell, log } = await evaluate(directory)
  now.fails = false
  expect([cell.n, cell.coverage]).toEqual([4, undefined])
  expect(log).toContain("The corpus coverage of own/towns/test is left out: the index is elsewhere")
  writeFileSync(path(directory), "{")
  const { log: lines } = await evaluate(directory)
  expect(lines.join()).toContain(join("own", "towns", "test"))
  expect(lines.join()).toMatch(/coverage\.json is not a record that can be read/)
})
