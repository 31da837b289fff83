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

test.each<[unknown, string]>([
  [task(undefined), 'its "id" is missing'],
  [task(17), 'its "id" is 17, which is no text'],
  [task(""), 'its "id" is empty'],
  [{ id: "b" }, 'its "question" is missing'],
  ["b", 'it is "b", no object'],
  [null, "it is null, no object"],
])("a task that cannot be used is told with its place: %j", async (bad, problem) => {
  await expect(idsOf(() => [task("a"), bad])).rejects.toThrow(
    `Benchmark mine/x: load gave a task that cannot be used, number 2: ${problem}.`,
  )
})
