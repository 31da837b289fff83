/** A data file that changes while its tasks are read is refused, whichever code reads it, and the folder stays as it is. */
import { appendFileSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { createRegistry, definePlugin, type LoadOptions } from "@swirl-ts/core"
import { formats } from "@swirl-ts/runner"
import { fakeModel, folderDigests, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { evaluateCells } from "./evaluate/evaluate.ts"
import { generate } from "./generate/generate.ts"

test.each([undefined, 1])(
  "a plugin's own reader, limit %s: nothing is asked, and nothing is written",
  async (limit) => {
    const folder = temporaryFolder({ "data.txt": "one\ntwo\nthree" })
    const file = join(folder, "data.txt")
    let asked = 0
    const plugin = definePlugin({
      meta: { name: "mine", version: "1.0.0", apiVersion: 1 },
      benchmarks: {
        lines: {
          description: "",
          splits: ["train", "test"],
          tools: [],
          limits: { toolCalls: 0, steps: 1, stepTokens: 9, trajectoryTokens: 99 },
          primaryMetric: "exact",
          async *load(_split: string, { dataPath }: LoadOptions) {
            for (const [row, question] of readFileSync(dataPath!, "utf8").split("\n").entries()) {
              if (isWritten) appendFileSync(file, "more\n")
              yield { id: `${row}`, question }
            }
          },
          prompt: () => [],
          score: () => ({ exact: 1 }),
        },
      },
      models: {
        any: {
          description: "",
          open: async () => ({
            model: fakeModel(() => {
              asked++
              return "<answer>1</answer>"
            }),
            identity: "any",
          }),
        },
      },
    })
    let isWritten = true
    const directory = temporaryFolder({ "notes.txt": "mine" })
    const before = folderDigests(directory)
    const registry = createRegistry([plugin, formats()])
    const context = { registry, host: testHost(), directory, seed: 1, concurrency: 1, dataPaths: { "": file } }
    const rolled = { model: "any", temperature: 0, actionFormat: "tags", limit }
    const run = [
      () => evaluateCells(context, [{ ...rolled, benchmark: "lines", split: "test", epochs: 1 }]),
      () => generate(context, { ...rolled, benchmarks: ["lines"], split: "train", samples: 1 }),
    ]
    for (const command of run) {
      await expect(command()).rejects.toMatchObject({
        kind: "usage",
        message: expect.stringMatching(/data\.txt changed while it was read.*Wait until nothing writes to it/),
      })
      expect(folderDigests(directory)).toEqual(before)
    }
    expect(asked).toBe(0)
    isWritten = false
    for (const command of run) await command()
    expect(asked).toBeGreaterThan(1)
  },
)
