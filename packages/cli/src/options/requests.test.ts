import { createRegistry, definePlugin } from "@swirl-ts/core"
import { judges } from "@swirl-ts/judges"
import { testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { selectionJudges } from "./requests.ts"

/** A judge by rules whose name nobody here knows, and one of the same rules that asks a model. */
const plugin = definePlugin({
  meta: { name: "kit", version: "1.0.0", apiVersion: 1 },
  judges: {
    strict: { description: "", create: () => ({ identity: "strict", judge: () => ({ verdict: "good", reason: "" }) }) },
  },
})

const context = {
  registry: createRegistry([plugin, judges()]),
  host: testHost(),
  directory: "",
  seed: 1,
  concurrency: 1,
}
const given = { judgeModel: "openai:m", judgeBaseUrl: undefined, votes: 3, template: undefined, judgeOption: [] }
const model = { model: "openai:m", votes: 3 }

test("beside an outcome judge the model's options are for those judges alone that say they ask one", () => {
  const outcome = { outcomeJudge: "llm", outcomeTemplate: "own.txt" }
  const options = (judge: string) => selectionJudges(context, { ...given, ...outcome, judge, noise: 0.1 })
  for (const rules of ["strict", "kit/strict", "grounded"])
    expect(options(rules)).toMatchObject({
      judgeOptions: { noise: 0.1 },
      outcomeOptions: { ...model, template: "own.txt" },
    })
  expect(options("strict").judgeOptions).toEqual({ noise: 0.1 })
  expect(options("llm").judgeOptions).toEqual({ ...model, noise: 0.1 })
})

test("without an outcome judge they are the judge's, whatever it is: it says what it cannot use", () => {
  const none = { outcomeJudge: undefined, outcomeTemplate: undefined }
  expect(selectionJudges(context, { ...given, ...none, judge: "strict" })).toEqual({
    judge: "strict",
    judgeOptions: model,
    outcomeJudge: undefined,
    outcomeOptions: undefined,
  })
})
