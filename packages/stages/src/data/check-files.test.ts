import { createRegistry, definePlugin, SwirlError } from "@swirl-ts/core"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, it } from "vitest"
import { checkFiles } from "./check-files.ts"

/** A third party's benchmark: nothing to download, some splits of its own. */
const plugin = (own: readonly string[]) =>
  definePlugin({
    meta: { name: "own", version: "1.0.0", apiVersion: 1 },
    benchmarks: {
      towns: {
        description: "",
        splits: ["train", "dev", "test"],
        evaluationSplit: "dev",
        tools: [],
        limits: { toolCalls: 1, steps: 1, stepTokens: 1, trajectoryTokens: 1 },
        primaryMetric: "accuracy",
        async *load(split, { dataPath, host }) {
          if (dataPath === undefined && !own.includes(split)) throw new SwirlError("Give --data.", { kind: "usage" })
          host.log(`reads ${split}`)
          yield { id: split, question: "?" }
        },
        prompt: () => [],
        score: () => ({ accuracy: 1 }),
      },
    },
  })

function check(own: readonly string[], file?: string, more: { split?: string; data?: boolean } = {}) {
  const host = testHost({ workingDirectory: temporaryFolder(file ? { [file]: "" } : {}) })
  const dataPaths: Record<string, string> = more.data === false ? {} : { towns: file ?? "." }
  const context = { registry: createRegistry([plugin(own)]), host, directory: "", seed: 1, concurrency: 1, dataPaths }
  return checkFiles(context, { benchmark: "towns", split: more.split })
}
const splits = async (...args: Parameters<typeof check>) => (await check(...args)).splits

it("reads every split that needs files, and not those that come with the benchmark", async () => {
  expect(await splits([])).toEqual({ train: 1, dev: 1, test: 1 })
  expect(await splits(["dev"])).toEqual({ train: 1, test: 1 })
  expect(await splits(["train", "dev", "test"])).toEqual({ train: 1, dev: 1, test: 1 })
})

it("takes one file as the split that its name speaks of, or the one that eval takes, or the first that needs files", async () => {
  expect(await splits([], "questions_test.json")).toEqual({ test: 1 })
  expect(await splits([], "latest.json")).toEqual({ dev: 1 })
  expect(await splits(["dev"], "questions.json")).toEqual({ train: 1 })
  expect(await splits(["dev"], "questions.json", { split: "test" })).toEqual({ test: 1 })
})

it("keeps what the benchmark remarks, once, and says which splits there are where there is nothing to read", async () => {
  expect(await check([], "a.json")).toMatchObject({ benchmark: "own/towns", files: ["a.json"], notes: ["reads dev"] })
  expect(await check(["dev"], undefined, { data: false })).toEqual({
    benchmark: "own/towns",
    files: [],
    splits: {},
    available: ["train", "dev", "test"],
  })
})
