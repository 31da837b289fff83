import { existsSync } from "node:fs"
import { copyFile, mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { createRegistry, messageText } from "@swirl-ts/core"
import { promptContext, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { describe, expect, test } from "vitest"
import gsm8k, { createBenchmark, type Gsm8kTask } from "./index.ts"

const parquet = fileURLToPath(new URL("../fixtures/five.parquet", import.meta.url))
const host = testHost()
const row = (question: string, answer = "1 + 1 = <<1+1=2>>2\n#### 2") => JSON.stringify({ question, answer })

async function load(dataPath: string, options: { split?: string; limit?: number; shots?: number } = {}) {
  const tasks: Gsm8kTask[] = []
  const { split = "test", limit, shots = 0 } = options
  const benchmark = createBenchmark({ shots })
  for await (const task of benchmark.load(split, { host, dataPath, ...(limit === undefined ? {} : { limit }) })) {
    tasks.push(task)
  }
  return tasks
}

async function fileOf(content: string | Uint8Array, name = "data.txt"): Promise<string> {
  const file = join(temporaryFolder(), name)
  await writeFile(file, content)
  return file
}

describe("loading", () => {
  test("JSON lines become tasks by row, blank lines and all line separators inside strings aside", async () => {
    const file = await fileOf(`\ufeff${row("first\u2028still first")}\r\n\n${row("second", "Half.\n#### 1,234")}`)
    expect(await load(file)).toEqual([
      {
        id: "test/0",
        question: "first\u2028still first",
        answer: "2",
        solution: "1 + 1 = <<1+1=2>>2\n#### 2",
        examples: [],
      },
      expect.objectContaining({ id: "test/1", answer: "1234" }),
    ])
  })

  test("Parquet, JSON lines and a JSON array are told apart by content, not by name", async () => {
    const disguised = join(temporaryFolder(), "test.jsonl")
    await copyFile(parquet, disguised)
    const fromParquet = await load(disguised)
    expect(fromParquet.map((task) => [task.id, task.answer])).toEqual([
      ["test/0", "21"],
      ["test/1", "3000"],
      ["test/2", "-3"],
      ["test/3", "10"],
      ["test/4", "12"],
    ])
    const rows = fromParquet.map((task) => ({ question: task.question, answer: task.solution }))
    expect(await load(await fileOf(rows.map((r) => JSON.stringify(r)).join("\n"), "x.parquet"))).toEqual(fromParquet)
    expect(await load(await fileOf(JSON.stringify(rows, null, 2)))).toEqual(fromParquet)
  })

  test("a folder is searched as the official repository and the hub lay it out", async () => {
    const folder = temporaryFolder()
    await mkdir(join(folder, "main"))
    await copyFile(parquet, join(folder, "main", "test-00000-of-00001.parquet"))
    expect(await load(folder)).toHaveLength(5)
    await writeFile(join(folder, "test.jsonl"), row("from the folder itself"))
    expect(await load(folder)).toHaveLength(1)
    await expect(load(folder, { split: "train" })).rejects.toThrow(/holds no train split.*--data/)
  })

  test("a limit stops the stream before later rows are read", async () => {
    const file = await fileOf(`${row("first")}\n${row("second")}\nbroken`)
    expect(await load(file, { limit: 2 })).toHaveLength(2)
    expect(await load(file, { limit: 0 })).toEqual([])
    expect(await load(parquet, { limit: 4 })).toHaveLength(4)
  })

  test.each([
    ["{", /data\.txt, line 2 is not JSON/],
    ['{"question":"q"}', /data\.txt, line 2: "answer" is missing/],
    ['{"answer":"#### 1"}', /line 2: "question" is missing/],
    [row("q", "18"), /line 2: "answer" cannot be used: it has no line "#### <number>"/],
    ['{"question":3,"answer":"#### 1"}', /line 2: "question" cannot be used/],
    ["7", /line 2: it is no object/],
  ])("a broken line %s is named with file and line", async (line, message) => {
    const file = await fileOf(`${row("good")}\n${line}\n`)
    await expect(load(file)).rejects.toThrow(message)
  })

  test("other broken files are named too", async () => {
    await expect(load(await fileOf(""))).rejects.toThrow(/data\.txt is empty/)
    await expect(load(await fileOf("PAR1 but no more"))).rejects.toThrow("is a broken Parquet file")
    await expect(load(await fileOf(new Uint8Array([123, 255, 10])))).rejects.toThrow("is not UTF-8 text")
    await expect(load("/nowhere/at/all")).rejects.toThrow("There is no file or folder /nowhere/at/all")
    await expect(load(parquet, { split: "dev" })).rejects.toThrow('GSM8K has no split "dev"')
  })
})

describe("the benchmark", () => {
  const context = (format: string) => promptContext(format, createBenchmark({ shots: 0 }).limits, ["calculator"])

  test("prompts in the paper's order, in either action format", async () => {
    const [task] = await load(parquet)
    for (const format of ["tags", "native"] as const) {
      const prompt = createBenchmark({ shots: 0 }).prompt(task!, context(format))
      expect(prompt).toHaveLength(1)
      const text = messageText(prompt[0]!)
      const order = [
        "one number only",
        `(${format} with calculator)`,
        "up to 10",
        "Do not repeat",
        "->",
        "never both",
        task!.question,
      ]
      const places = order.map((part) => text.indexOf(part))
      expect(places.every((place, i) => place >= 0 && place > (places[i - 1] ?? -1))).toBe(true)
      expect(text).not.toContain("####")
    }
  })

  test("shows worked examples from train, never the question itself", async () => {
    const folder = temporaryFolder()
    await writeFile(
      join(folder, "train.jsonl"),
      [row("one", "It is <<=3>>3, <<2+2=4=4>>4 and <<1=1>>1.\n#### 1"), row("two"), row("three")].join("\n"),
    )
    await writeFile(join(folder, "test.jsonl"), row("other"))
    const benchmark = createBenchmark({ shots: 2 })
    const [task] = await load(folder, { shots: 2 })
    const turns = benchmark.prompt(task!, context("tags")).map((turn) => [turn.role, messageText(turn)])
    expect(turns[0]).toEqual(["user", expect.stringMatching(/one number only[\s\S]*Question: one$/)])
    expect(turns.slice(1)).toEqual([
      ["assistant", "call 1"],
      ["user", "1 -> 1.0"],
      ["assistant", "1"],
      ["user", "Question: two"],
      ["assistant", "call 1+1"],
      ["user", "1+1 -> 2.0"],
      ["assistant", "2"],
      ["user", "Question: other"],
    ])
    const train = await load(folder, { shots: 2, split: "train" })
    expect(train.map((t) => t.examples.map((example) => example.question))).toEqual([
      ["two", "three"],
      ["one", "three"],
      ["one", "two"],
    ])
    await expect(load(join(folder, "test.jsonl"), { shots: 2 })).rejects.toThrow(/folder that holds test and train/)
  })

  test("scores an answer by value and officially", async () => {
    const benchmark = createBenchmark({ shots: 0 })
    const [, task] = await load(parquet)
    expect(benchmark.score(task!, "3,000")).toEqual({ accuracy: 1, official: 1 })
    expect(benchmark.score(task!, "3000.0")).toEqual({ accuracy: 1, official: 0 })
    expect(benchmark.score(task!, "3001")).toEqual({ accuracy: 0, official: 0 })
    expect(benchmark.score(task!, undefined)).toEqual({ accuracy: 0, official: 0 })
    expect(benchmark.score(task!, "")).toEqual({ accuracy: 0, official: 0 })
    expect(Object.keys(benchmark.score(task!, "1"))).toContain(benchmark.primaryMetric)
  })

  test("gives the noted values as gold steps", async () => {
    const [task] = await load(parquet)
    expect(createBenchmark({ shots: 0 }).goldSteps!(task!).map(({ text }) => text)).toEqual(["24", "21"])
  })

  test("is found in a registry; options are checked", () => {
    const registry = createRegistry([gsm8k()])
    expect(registry.broken).toEqual([])
    expect(registry.resolve("benchmarks", "bench-gsm8k/gsm8k").value.splits).toEqual([
      "train",
      "test",
      "train-socratic",
      "test-socratic",
    ])
    expect(() => gsm8k({ shots: -1 })).toThrow(/shots/)
    expect(() => gsm8k({ shot: 1 } as never)).toThrow(/shot/)
  })
})

test("gold steps are the noted values, in whatever form the calculator prints them", () => {
  const seen = (value: string, text: string, isError = false) =>
    createBenchmark({ shots: 0 }).goldSteps!({
      id: "x",
      question: "",
      answer: "1",
      solution: `<<a=${value}>>\n#### 1`,
      examples: [],
    })[0]!.seenIn({ tool: "calculator", text, isError })
  expect([seen("18", "18.0"), seen("0.5", ".5"), seen("1/2", "1/2"), seen("33.33", "33.33")]).toEqual(
    Array(4).fill(true),
  )
  expect([seen("18", "18.1"), seen("18", "error"), seen("18", "18.0", true)]).toEqual(Array(3).fill(false))
})

test("every note is a gold step, whatever stands before its value; only those with one calculation are shown as calls", () => {
  const steps = createBenchmark().goldSteps!({
    id: "x",
    question: "",
    answer: "1",
    solution: "<<=3>>3 and <<2+2=4=4>>4 and << 5 >>5\n#### 1",
    examples: [],
  })
  expect(steps.map(({ text }) => text)).toEqual(["3", "4"])
})

test("a folder's socratic files are splits of their own; the hub's are told apart by their folder", async () => {
  const folder = temporaryFolder()
  await writeFile(join(folder, "test_socratic.jsonl"), row("asked in parts"))
  expect((await load(folder, { split: "test-socratic" })).map(({ id, question }) => [id, question])).toEqual([
    ["test-socratic/0", "asked in parts"],
  ])
  await expect(load(folder)).rejects.toThrow(/holds no test split/)
  await mkdir(join(folder, "socratic"))
  await copyFile(parquet, join(folder, "socratic", "train-00000-of-00001.parquet"))
  expect(await load(folder, { split: "train-socratic" })).toHaveLength(5)
})

const official = fileURLToPath(new URL("../../../../shared/data/gsm8k/raw", import.meta.url))
const present = existsSync(official)
if (!present) console.warn(`skipped: ${official} is not there`)

test.skipIf(!present)(
  "the official files load, the socratic one too: each task is right by its own gold and by value",
  async () => {
    const benchmark = createBenchmark({ shots: 0 })
    for (const [split, count] of [
      ["train", 7473],
      ["test", 1319],
      ["test-socratic", 1319],
    ] as const) {
      const tasks = await load(official, { split })
      expect(tasks).toHaveLength(count)
      for (const task of tasks) {
        expect(task.answer).toMatch(/^-?\d+$/)
        expect(benchmark.score(task, task.answer)).toEqual({ accuracy: 1, official: 1 })
      }
      const noted = tasks.filter((task) => benchmark.goldSteps!(task).length > 0).length
      expect(noted / count).toBeGreaterThan(0.98)
    }
  },
)
