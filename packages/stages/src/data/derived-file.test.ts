import { mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { createRegistry, definePlugin } from "@swirl-ts/core"
import { testHost } from "@swirl-ts/test-support"
import { expect, it } from "vitest"
import { writeDerivedFile } from "./derived-file.ts"

type Make = (split: string) => AsyncIterable<string>

/** Writes the twins that a benchmark makes, in a folder of its own. */
function folder(make?: Make) {
  const plugin = definePlugin({
    meta: { name: "own", version: "1.0.0", apiVersion: 1 },
    benchmarks: {
      towns: {
        description: "",
        splits: ["dev", "test"],
        evaluationSplit: "dev",
        tools: [],
        limits: { toolCalls: 1, steps: 1, stepTokens: 1, trajectoryTokens: 1 },
        primaryMetric: "accuracy",
        async *load() {},
        prompt: () => [],
        score: () => ({ accuracy: 1 }),
        files: make ? { derived: { twins: make } } : {},
      },
    },
  })
  const host = testHost()
  const context = { registry: createRegistry([plugin]), host, directory: "", seed: 1, concurrency: 1 }
  return {
    workingDirectory: host.workingDirectory,
    write: (file: string, abortSignal?: AbortSignal) =>
      writeDerivedFile({ ...context, abortSignal }, { benchmark: "towns", kind: "twins", file }),
  }
}

it("writes a line each, of the benchmark's evaluation split unless told otherwise", async () => {
  const { workingDirectory, write } = folder(async function* (split) {
    yield split
    yield "second"
  })
  const written = await write("out.jsonl")
  expect(written).toMatchObject({ split: "dev", lines: 2, file: join(workingDirectory, "out.jsonl") })
  expect(await readFile(written.file, "utf8")).toBe("dev\nsecond\n")
})

it("leaves nothing half-written", async () => {
  const { workingDirectory, write } = folder(async function* () {
    yield "first"
    throw new Error("line 2 is broken")
  })
  await expect(write("out.jsonl")).rejects.toThrow("line 2 is broken")
  expect(await readdir(workingDirectory)).toEqual([])
})

it("stops when it is told to, and leaves nothing half-written then either", async () => {
  const stop = new AbortController()
  const { workingDirectory, write } = folder(async function* () {
    yield "first"
    stop.abort(new Error("stopped"))
    yield "second"
  })
  await expect(write("out.jsonl", stop.signal)).rejects.toThrow("stopped")
  expect(await readdir(workingDirectory)).toEqual([])
})

it("refuses a missing folder and a folder in a file's place before the work", async () => {
  let worked = false
  const { workingDirectory, write } = folder(async function* () {
    worked = true
    yield "first"
  })
  await mkdir(join(workingDirectory, "folder"))
  await writeFile(join(workingDirectory, "file"), "")
  await expect(write("absent/out.jsonl")).rejects.toThrow(/^There is no folder \S*absent to write in\. Make it/)
  await expect(write("file/out.jsonl")).rejects.toThrow(/^There is no folder \S*file to write in/)
  await expect(write("folder")).rejects.toThrow(/folder is a folder\. Name the file to write/)
  expect(worked).toBe(false)
  expect((await readdir(workingDirectory)).sort()).toEqual(["file", "folder"])
})

it("names what is half-written by its process", async () => {
  let during: string[] = []
  const { workingDirectory, write } = folder(async function* () {
    during = await readdir(workingDirectory)
    yield "first"
  })
  await write("out.jsonl")
  expect(during).toEqual([`out.jsonl.${process.pid}.part`])
  expect(await readdir(workingDirectory)).toEqual(["out.jsonl"])
})

it("says where a benchmark makes no such file", async () => {
  await expect(folder().write("out.jsonl")).rejects.toThrow("own/towns makes no twins file")
})
