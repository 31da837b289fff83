/** The dry run of every algorithm that has no table of its own: it counts what the first step then trains on, and leaves nothing behind. */
import { readdirSync } from "node:fs"
import type { Algorithm } from "@swirl-ts/core"
import { temporaryFolder } from "@swirl-ts/test-support"
import { toyContext } from "@swirl-ts/testing"
import { expect, test } from "vitest"
import { readMetrics } from "../test/read-metrics.ts"
import type { FirstUpdate } from "./first-update.ts"
import { trainer } from "./plugin.ts"

const algorithms: Readonly<Record<string, Algorithm>> = trainer().algorithms!
const small = { iterations: 2, learningRate: 0.05 }

test.each(Object.keys(algorithms).filter((name) => name !== "swirl"))("%s", async (name) => {
  const options = { ...small, ...(name === "rft" ? { rounds: 2 } : {}) }
  const folder = temporaryFolder()
  const { text, data } = await algorithms[name]!.dryRun!(await toyContext(folder, options))
  expect(readdirSync(folder)).toEqual([])
  const first = data as FirstUpdate
  const context = await toyContext(temporaryFolder(), options)
  await algorithms[name]!.train(context)
  const { values } = (await readMetrics(context.directory))[1]!
  expect(first.trainedTokens).toBe(values.trainedTokens)
  if (typeof values.sampledTokens === "number") expect(first.actionTokens).toBe(values.sampledTokens)
  if (typeof values.episodes === "number" && name !== "slate") expect(first.episodes).toBe(values.episodes)
  const { positive, negative, zero, none } = first.advantages
  expect(positive + negative + zero + none).toBe(first.rows)
  expect(first.rows).toBeGreaterThan(0)
  expect(first.states).toBeLessThanOrEqual(first.rows)
  expect(text).toContain(`${name}: 2 updates. The first is made of ${first.rows} actions at ${first.states} states`)
  expect(text.split("\n").filter((line) => / (tool|answer|malformed|cut-off) /.test(line))).toHaveLength(
    first.shown.length,
  )
})

test("where no action has a gradient, that is said", async () => {
  const context = await toyContext(temporaryFolder(), small)
  const unscored: typeof context.judge = async (requests) =>
    requests.map(() => ({ verdict: "unscored", reason: "mute" }))
  // Every action of the toy can be read.
  const format = { ...context.format, parse: () => ({ kind: "answer" as const, answer: "1" }) }
  const { text } = await algorithms["step-dpo"]!.dryRun!({ ...context, format, judge: unscored })
  expect(text).toContain("There would be no update: no action has a gradient.")
})
