import { describe, expect, test } from "vitest"
import type { Benchmark, LoadOptions, Task } from "../contracts/benchmark.ts"
import { benchmarkTasks } from "./benchmark-tasks.ts"

const host: LoadOptions["host"] = { cacheDirectory: "/", workingDirectory: "/", environment: {}, log: () => {} }
const task = (id: unknown, question: unknown = "?") => ({ id, question }) as Task

async function idsOf(load: () => unknown, options: Omit<LoadOptions, "host"> = {}): Promise<string[]> {
  const value = { splits: ["test"], load } as unknown as Benchmark
  const tasks = await Array.fromAsync(benchmarkTasks({ fullName: "mine/x", value }, "test", { host, ...options }))
  return tasks.map(({ id }) => id)
}

/** Never ends; says what became of it. */
function endless(): { load(): AsyncGenerator<Task>; read: string[] } {
  const read: string[] = []
  return {
    read,
    async *load() {
      try {
        for (let i = 0; ; i++) {
          read.push(`${i}`)
          yield task(`${i}`)
        }
      } finally {
        read.push("closed")
      }
    },
  }
}

test("no more than the limit is taken of what never ends, and its end runs", async () => {
  const { load, read } = endless()
  expect(await idsOf(load, { limit: 3 })).toEqual(["0", "1", "2"])
  expect(read).toEqual(["0", "1", "2", "closed"])
})

test("nothing is read ahead, and who stops reading closes it", async () => {
  const { load, read } = endless()
  const value = { splits: ["test"], load } as unknown as Benchmark
  for await (const { id } of benchmarkTasks({ fullName: "mine/x", value }, "test", { host })) if (id === "1") break
  expect(read).toEqual(["0", "1", "closed"])
})

test("an abort ends what does not listen to it", async () => {
  const { load, read } = endless()
  const stop = new AbortController()
  const value = { splits: ["test"], load } as unknown as Benchmark
  const reading = benchmarkTasks({ fullName: "mine/x", value }, "test", { host, abortSignal: stop.signal })
  await reading.next()
  stop.abort(new Error("enough"))
  await expect(reading.next()).rejects.toThrow("enough")
  expect(read.at(-1)).toBe("closed")
})

describe("a list of tasks", () => {
  const list = [task("a"), task("b"), task("c")]
  test.each<[string, () => unknown]>([
    ["an array", () => list],
    ["a promise of one", async () => list],
    ["a generator", () => list.values()],
    ["a promise of an async generator", async () => endless().load()],
  ])("may be %s", async (_, load) => {
    expect(await idsOf(load, { limit: 2 })).toHaveLength(2)
  })

  test.each<[unknown, string]>([
    [undefined, "load gave undefined in place of tasks"],
    [null, "load gave null in place of tasks"],
    ["tasks.jsonl", "load gave string in place of tasks"],
    [{ tasks: list }, "load gave object in place of tasks"],
  ])("is not %j", async (given, problem) => {
    await expect(idsOf(() => given)).rejects.toThrow(`Benchmark mine/x: ${problem}`)
  })
})

test("a number that JSON has not is told by its type", async () => {
  await expect(idsOf(() => [{ ...task("a"), answer: 12n }])).rejects.toThrow('its "answer" is bigint, which is no text')
})

test("answers that are text, and those that are left out, are taken", async () => {
  const tasks = [
    { ...task("a"), answer: "", acceptedAnswers: [] },
    { ...task("b"), answer: undefined },
  ]
  expect(await idsOf(() => tasks)).toEqual(["a", "b"])
})

test.each<[unknown, string | RegExp]>([
  [task(undefined), 'its "id" is missing'],
  [task(17), 'its "id" is 17, which is no text'],
  [task(""), 'its "id" is empty'],
  [{ id: "b" }, 'its "question" is missing'],
  ["b", 'it is "b", no object'],
  [null, "it is null, no object"],
  [{ ...task("b"), answer: 1 }, 'its "answer" is 1, which is no text; write it as text, and leave out what is hidden'],
  [{ ...task("b"), answer: null }, /its "answer" is null, which is no text/],
  [{ ...task("b"), acceptedAnswers: "one" }, 'its "acceptedAnswers" is "one", which is no list'],
  [{ ...task("b"), acceptedAnswers: ["one", 1] }, /its "acceptedAnswers.1" is 1, which is no text/],
])("a task that cannot be used is told with its place: %j", async (bad, problem) => {
  const refused = await idsOf(() => [task("a"), bad]).catch((error: unknown) => error)
  expect(refused).toMatchObject({
    kind: "usage",
    message: typeof problem === "string" ? expect.stringContaining(problem) : expect.stringMatching(problem),
  })
  expect(refused).toMatchObject({
    message: expect.stringMatching(/^Benchmark mine\/x: load gave a task that cannot be used, number 2: .*\.$/),
  })
})
