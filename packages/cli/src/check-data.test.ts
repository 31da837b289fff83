import { mkdtemp, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { musique } from "@swirl-ts/bench-musique"
import { type Benchmark, type Host, SwirlError } from "@swirl-ts/core"
import { expect, it } from "vitest"
import { checkData } from "./check-data.ts"

const { files: _files, ...base } = musique().benchmarks.musique as unknown as Benchmark

/** A third party's benchmark: nothing to download, some splits of its own. */
const thirdParty = (own: readonly string[]): Benchmark => ({
  ...base,
  async *load(split, { dataPath }) {
    if (dataPath === undefined && !own.includes(split)) throw new SwirlError("Give --data.", { kind: "usage" })
    yield { id: split, question: "?" }
  },
})
async function check(benchmark: Benchmark, file?: string) {
  const workingDirectory = await mkdtemp(join(tmpdir(), "swirl-check-"))
  if (file) await writeFile(join(workingDirectory, file), "")
  const host: Host = { cacheDirectory: workingDirectory, workingDirectory, environment: {}, log: () => {} }
  const abortSignal = new AbortController().signal
  return checkData({ benchmark, fullName: "a/b", host, dataPath: file ?? ".", abortSignal, say: () => {} })
}

it("reads every split that needs files, and not those that come with the benchmark", async () => {
  expect(await check(thirdParty([]))).toEqual({ train: 1, dev: 1, test: 1 })
  expect(await check(thirdParty(["dev"]))).toEqual({ train: 1, test: 1 })
  expect(await check(thirdParty(["train", "dev", "test"]))).toEqual({ train: 1, dev: 1, test: 1 })
})

it("takes one file as the split that its name speaks of, or the one that eval takes, or the first that needs files", async () => {
  expect(await check(thirdParty([]), "questions_test.json")).toEqual({ test: 1 })
  expect(await check(thirdParty([]), "latest.json")).toEqual({ dev: 1 })
  expect(await check(thirdParty(["dev"]), "questions.json")).toEqual({ train: 1 })
})
