import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { musique } from "@swirl-ts/bench-musique"
import type { Benchmark, Host } from "@swirl-ts/core"
import { expect, it } from "vitest"
import { writeDerived } from "./derived-file.ts"

const base = musique().benchmarks.musique as unknown as Benchmark
const making = (make: (split: string) => AsyncIterable<string>): Benchmark => ({
  ...base,
  files: { derived: { twins: make } },
})
async function request() {
  const workingDirectory = await mkdtemp(join(tmpdir(), "swirl-derived-"))
  const host: Host = { cacheDirectory: workingDirectory, workingDirectory, environment: {}, log: () => {} }
  return { workingDirectory, options: { load: { host } } }
}

it("writes a line each, of the benchmark's evaluation split unless told otherwise", async () => {
  const { workingDirectory, options } = await request()
  const benchmark = making(async function* (split) {
    yield split
    yield "second"
  })
  const written = await writeDerived("twins", { benchmark, fullName: "a/b", file: "out.jsonl" }, options)
  expect(written).toMatchObject({ split: "dev", lines: 2, file: join(workingDirectory, "out.jsonl") })
  expect(await readFile(written.file, "utf8")).toBe("dev\nsecond\n")
})

it("leaves nothing half-written", async () => {
  const { workingDirectory, options } = await request()
  const benchmark = making(async function* () {
    yield "first"
    throw new Error("line 2 is broken")
  })
  const written = writeDerived("twins", { benchmark, fullName: "a/b", file: "out.jsonl" }, options)
  await expect(written).rejects.toThrow("line 2 is broken")
  expect(await readdir(workingDirectory)).toEqual([])
})

it("stops when it is told to, and leaves nothing half-written then either", async () => {
  const { workingDirectory, options } = await request()
  const stop = new AbortController()
  const benchmark = making(async function* () {
    yield "first"
    stop.abort(new Error("stopped"))
    yield "second"
  })
  const about = { benchmark, fullName: "a/b", file: "out.jsonl" }
  await expect(writeDerived("twins", about, { ...options, abortSignal: stop.signal })).rejects.toThrow("stopped")
  expect(await readdir(workingDirectory)).toEqual([])
})

it("refuses a missing folder and a folder in a file's place before the work", async () => {
  const { workingDirectory, options } = await request()
  await mkdir(join(workingDirectory, "folder"))
  await writeFile(join(workingDirectory, "file"), "")
  let worked = false
  const benchmark = making(async function* () {
    worked = true
    yield "first"
  })
  const written = (file: string) => writeDerived("twins", { benchmark, fullName: "a/b", file }, options)
  await expect(written("absent/out.jsonl")).rejects.toThrow(/^There is no folder \S*absent to write in\. Make it/)
  await expect(written("file/out.jsonl")).rejects.toThrow(/^There is no folder \S*file to write in/)
  await expect(written("folder")).rejects.toThrow(/folder is a folder\. Name the file to write/)
  expect(worked).toBe(false)
  expect((await readdir(workingDirectory)).sort()).toEqual(["file", "folder"])
})

it("names what is half-written by its process", async () => {
  const { workingDirectory, options } = await request()
  let during: string[] = []
  const benchmark = making(async function* () {
    during = await readdir(workingDirectory)
    yield "first"
  })
  await writeDerived("twins", { benchmark, fullName: "a/b", file: "out.jsonl" }, options)
  expect(during).toEqual([`out.jsonl.${process.pid}.part`])
  expect(await readdir(workingDirectory)).toEqual(["out.jsonl"])
})

it("says where a benchmark makes no such file", async () => {
  const { options } = await request()
  const written = writeDerived("other", { benchmark: base, fullName: "a/b", file: "out.jsonl" }, options)
  await expect(written).rejects.toThrow("a/b makes no other file")
})
