import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { containsAnswer } from "@swirl-ts/bench-kit"
import { goldStepRecall, type Host, messageText, type Passage, type PromptContext } from "@swirl-ts/core"
import { formats } from "@swirl-ts/runner"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { beforeEach, describe, expect, it } from "vitest"
import { type CofcaTask, cofca } from "./index.ts"

let folder: string
let host: Host
beforeEach(async () => {
  folder = temporaryFolder()
  host = testHost({ workingDirectory: folder })
})
const benchmark = cofca().benchmarks.cofca
const all = async <T>(items: AsyncIterable<T>) => {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}
const fixture = () => all(benchmark.load("fixture", { host }))
const passagesOf = (task: CofcaTask) => [...(task.corpus.passages() as Iterable<Passage>)]
const plugin = formats()
const context = (name: "tags" | "native"): PromptContext => ({
  format: plugin.actionFormats[name],
  tools: [
    { name: "search", tag: { name: "search_query", argument: "query" }, description: "Search.", inputSchema: {} },
  ],
  limits: benchmark.limits,
})

describe("the fixture", () => {
  it("has 24 questions of 2, 3 and 4 hops over at least 24 passages, all in one corpus", async () => {
    const tasks = await fixture()
    expect(tasks).toHaveLength(24)
    for (const hops of [2, 3, 4]) expect(tasks.filter((task) => task.hops === hops)).toHaveLength(8)
    expect(new Set(tasks.map((task) => task.id)).size).toBe(24)
    expect(new Set(tasks.map((task) => task.corpus.id)).size).toBe(1)
    expect(passagesOf(tasks[0]!).length).toBeGreaterThanOrEqual(24)
    expect(new Set(passagesOf(tasks[0]!).map((passage) => passage.title)).size).toBe(passagesOf(tasks[0]!).length)
  })

  it("every sub-answer stands in a passage, and the last one is the answer unless that is yes or no", async () => {
    for (const task of await fixture()) {
      const passages = passagesOf(task)
      for (const answer of task.subAnswers) {
        expect(passages.some((passage) => containsAnswer(passage.text, answer))).toBe(true)
      }
      if (task.answer !== "yes") expect(task.subAnswers.at(-1)).toBe(task.answer)
    }
  })

  it("is all that is there without --data, and says where CofCA is", async () => {
    await expect(all(benchmark.load("test", { host }))).rejects.toThrow(/anonymous\.4open\.science.*--data/)
    await expect(all(benchmark.load("dev", { host }))).rejects.toThrow('no split "dev"')
  })
})

describe("own files", () => {
  const record = (fields: object = {}) => ({
    _id: "5a",
    question: "Who?",
    answer: "Lena",
    type: "2-hop",
    context: [["Vastel", ["Vastel is a city.", "Lena runs it."]]],
    sub_questions: ["Where?", "Who?"],
    sub_answers: ["Vastel", "Lena"],
    ...fields,
  })
  const write = async (name: string, records: unknown) => {
    await writeFile(join(folder, name), typeof records === "string" ? records : JSON.stringify(records))
    return join(folder, name)
  }

  it("a folder with a file a hop count: ids are made unique, equal passages are one", async () => {
    await write("2hop.json", [record(), record()])
    await write("3hop.json", [record({ type: ["3-hop", "bridge"] })])
    const tasks = await all(benchmark.load("test", { host, dataPath: folder }))
    expect(tasks.map((task) => task.id)).toEqual(["5a__2-hop__1", "5a__2-hop__2", "5a__3-hop-bridge__1"])
    expect(passagesOf(tasks[0]!)).toEqual([{ title: "Vastel", text: "Vastel is a city. Lena runs it." }])
    const said: string[] = []
    const listening = { ...host, log: (line: string) => void said.push(line) }
    const again = await all(benchmark.load("fixture", { host: listening, dataPath: folder }))
    expect(again.map((task) => task.id)).toEqual(tasks.map((task) => task.id))
    expect(again[0]!.corpus.id).toBe(tasks[0]!.corpus.id)
    expect(said.join()).toContain("in place of the fixture. Say --split test")
  })

  it("a folder that holds nothing of CofCA leaves the fixture alone", async () => {
    await mkdir(join(folder, "raw"))
    expect(await all(benchmark.load("fixture", { host, dataPath: folder, limit: 3 }))).toHaveLength(3)
  })

  it.each([
    [{ context: undefined }, '"context" is missing'],
    [{ context: [["Vastel", "one text"]] }, '"context.0.1" cannot be used'],
    [{ question: "" }, '"question" cannot be used'],
    [{ sub_answers: "Lena" }, '"sub_answers" cannot be used'],
    [{ sub_answers: ["Lena"] }, '"sub_answers" cannot be used: it is not as long as sub_questions.'],
    [{ supporting_facts: [["T", 0]] }, '"supporting_facts" cannot be used: CofCA has sub_questions instead'],
    [{ _id: undefined, id: "2hop__1_2" }, '"_id" is missing'],
  ])("names file, entry and field: %j", async (fields, message) => {
    const dataPath = await write("2hop.json", [record(), record(fields)])
    await expect(all(benchmark.load("test", { host, dataPath }))).rejects.toThrow(`2hop.json, entry 1: ${message}`)
  })

  it("an empty list is an error", async () => {
    const dataPath = await write("2hop.json", "[]")
    await expect(all(benchmark.load("test", { host, dataPath }))).rejects.toThrow("2hop.json holds no question")
  })

  it("names a truncated file", async () => {
    const dataPath = await write("2hop.json", JSON.stringify([record(), record()]).slice(0, -40))
    await expect(all(benchmark.load("test", { host, dataPath }))).rejects.toThrow(/2hop\.json/)
  })
})

it("counts sub-answers that observations show; yes and no are none", async () => {
  const tasks = await fixture()
  const step = (text: string) => ({
    index: 0,
    kind: "tool" as const,
    text: "",
    finishReason: "stop" as const,
    call: { tool: "search", input: {}, query: "" },
    observation: { text, isError: false },
  })
  const recall = goldStepRecall(benchmark.goldSteps!(tasks[0]!), { steps: [step("… by Ingrid Falkenrath, 1911")] })
  expect(recall).toEqual({ gold_step_recall: 0.5 })
  expect(benchmark.goldSteps!({ ...tasks[0]!, subAnswers: ["Yes.", "Lena"] })).toHaveLength(1)
})

it("scores by HotpotQA's rules; no answer is wrong", async () => {
  const [task] = await fixture()
  expect(benchmark.score(task!, "the Tromsø!")).toEqual({ em: 1, f1: 1, prec: 1, recall: 1 })
  expect(benchmark.score(task!, undefined)).toEqual({ em: 0, f1: 0, prec: 0, recall: 0 })
})

it.each(["tags", "native"] as const)("worked examples are searches of their own passages (%s)", async (name) => {
  const shown = cofca({ shots: 2 }).benchmarks.cofca
  for (const task of await all(shown.load("fixture", { host }))) {
    const prompt = shown.prompt(task, context(name))
    const text = JSON.stringify(prompt)
    const [one, two] = task.examples.slice(0, 2)
    for (const example of [one!, two!]) {
      for (const query of example.sub_questions) expect(text).toContain(JSON.stringify(query).slice(1, -1))
    }
    const before = JSON.stringify(prompt.slice(0, -1))
    for (const answer of task.subAnswers) {
      const queries = [one!, two!].flatMap((example) => [example.answer, ...example.sub_answers])
      expect(queries).not.toContain(answer)
    }
    expect(before).not.toContain(JSON.stringify(task.question).slice(1, -1))
    expect(messageText(prompt.at(-1)!)).toContain(task.question)
  }
})
