/** `--shots` is one option for every official benchmark that has worked examples: what it gives is what the benchmark's own option gives. */
import { benchmarkTasks, createRegistry, type Task } from "@swirl-ts/core"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { appleTasks } from "../test/apple-tasks.ts"
import { official } from "./official-plugins.ts"

const folder = temporaryFolder({ "test.jsonl": appleTasks, "train.jsonl": appleTasks })

test.each([
  ["gsm8k", "test"],
  ["cofca", "fixture"],
])("of %s", async (name, split) => {
  const tasksOf = async (own: number, shots?: number): Promise<Task[]> => {
    const entry = createRegistry(official({ [name]: { shots: own } })).resolve("benchmarks", name)
    const dataPath = name === "gsm8k" ? folder : undefined
    const tasks: Task[] = []
    for await (const task of benchmarkTasks(entry, split, { host: testHost(), dataPath, shots, limit: 3 }))
      tasks.push(JSON.parse(JSON.stringify(task)))
    return tasks
  }
  const [none, two] = [await tasksOf(0), await tasksOf(2)]
  expect(await tasksOf(0, 2)).toEqual(two)
  expect(await tasksOf(2, 0)).toEqual(none)
  expect(two).not.toEqual(none)
  await expect(tasksOf(0, 101)).rejects.toMatchObject({
    kind: "usage",
    message: expect.stringMatching(/Ask for fewer/),
  })
})

test("of the others it is refused", () => {
  const without = createRegistry(official())
    .list("benchmarks")
    .filter(({ value }) => value.mostShots === undefined)
  expect(without.map(({ fullName }) => fullName).sort()).toEqual(
    ["calc", "lookup", "mixed"].map((name) => `bench-sandbox/${name}`),
  )
})
