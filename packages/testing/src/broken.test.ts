/** Every check can fail: for each there is something broken that it finds, it alone. */
import { describe, expect, test } from "vitest"
import { actionFormat } from "../test/broken/action-format.ts"
import { algorithm } from "../test/broken/algorithm.ts"
import { benchmark } from "../test/broken/benchmark.ts"
import { embedderExamples } from "../test/broken/embedder.ts"
import { engine } from "../test/broken/engine.ts"
import { filter } from "../test/broken/filter.ts"
import { jobEngine } from "../test/broken/job-engine.ts"
import { judge, oracle, outcomeJudge } from "../test/broken/judges.ts"
import { model } from "../test/broken/model.ts"
import { plugin } from "../test/broken/plugin.ts"
import { retrieverExamples } from "../test/broken/retriever.ts"
import { tool } from "../test/broken/tool.ts"
import { runChecks } from "./index.ts"

const contracts = [
  tool,
  benchmark,
  judge,
  oracle,
  outcomeJudge,
  filter,
  actionFormat,
  model,
  algorithm,
  engine,
  jobEngine,
  retrieverExamples,
  embedderExamples,
  plugin,
]

describe.each(contracts)("$contract", ({ sound, broken }) => {
  test("something sound passes every check, and something broken is there for each", async () => {
    const results = await runChecks(sound())
    expect(results.filter(({ status }) => status === "failed")).toEqual([])
    expect(Object.keys(broken).sort()).toEqual(results.map(({ name }) => name).sort())
  })

  test.each(Object.entries(broken))("%s: only this fails", async (name, checks) => {
    const failed = (await runChecks(checks())).filter(({ status }) => status === "failed")
    expect(failed.map((each) => `${each.name}: ${each.reason}`)).toEqual([expect.stringContaining(`${name}: `)])
    expect(failed[0]!.reason).toMatch(/^The \w.{30,}[.}]$/s)
  })
})
