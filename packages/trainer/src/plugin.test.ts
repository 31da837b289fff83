import { readFile } from "node:fs/promises"
import { createRegistry, type MetricRecord } from "@swirl-ts/core"
import { temporaryFolder } from "@swirl-ts/test-support"
import { toyContext } from "@swirl-ts/testing"
import { expect, it } from "vitest"
import plugin from "../test/example-algorithm.ts"
import credit from "../test/example-credit.ts"
import { trainer } from "./plugin.ts"

it("offers its filters and algorithms by name through the registry", () => {
  const registry = createRegistry([trainer()])
  expect(registry.broken).toEqual([])
  expect(registry.list("filters").map((entry) => entry.name)).toEqual(["none", "process", "outcome", "process+outcome"])
  expect(registry.resolve("filters", "process+outcome").value.needs).toEqual(["process", "outcome"])
  expect(registry.resolve("algorithms", "trainer/swirl").value.dryRun).toBeTypeOf("function")
  expect(registry.resolve("algorithms", "sft").value.description).toContain("supervised")
})

it("the page's example of another algorithm is the one in test/, and trains", async () => {
  const [page, example] = await Promise.all(
    ["../../../docs/packages/trainer.md", "../test/example-algorithm.ts"].map((path) =>
      readFile(new URL(path, import.meta.url), "utf8"),
    ),
  )
  expect(page).toContain(example!)
  const registry = createRegistry([trainer(), plugin])
  const { train } = registry.resolve("algorithms", "expert-iteration").value
  const directory = temporaryFolder()
  const seen: MetricRecord[] = []
  const options = { states: 12, iterations: 40, learningRate: 0.05, maxTokens: 6 }
  await train({ ...(await toyContext(directory, options)), onMetric: (metric) => seen.push(metric) })
  expect(seen.at(-1)!.values.judgedReward!).toBeGreaterThan(seen[1]!.values.judgedReward! + 0.2)
})

it("the page's example of a credit assigner is the one in test/, and trains", async () => {
  const [page, example] = await Promise.all(
    ["../../../docs/packages/trainer.md", "../test/example-credit.ts"].map((path) =>
      readFile(new URL(path, import.meta.url), "utf8"),
    ),
  )
  expect(page).toContain(example!)
  const { train } = createRegistry([trainer(), credit]).resolve("algorithms", "across-questions").value
  const seen: MetricRecord[] = []
  const options = { tasks: 6, iterations: 30, learningRate: 0.05 }
  await train({ ...(await toyContext(temporaryFolder(), options)), onMetric: (metric) => seen.push(metric) })
  expect(seen.at(-1)!.values.outcomeReward!).toBeGreaterThan(seen[1]!.values.outcomeReward! + 0.2)
})
