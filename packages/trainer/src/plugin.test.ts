import { createRegistry } from "@swirl-ts/core"
import { expect, it } from "vitest"
import { trainer } from "./plugin.ts"

it("offers its filters and algorithms by name through the registry", () => {
  const registry = createRegistry([trainer()])
  expect(registry.broken).toEqual([])
  expect(registry.list("filters").map((entry) => entry.name)).toEqual(["none", "process", "outcome", "process+outcome"])
  expect(registry.resolve("filters", "process+outcome").value.needs).toEqual(["process", "outcome"])
  expect(registry.resolve("algorithms", "trainer/swirl").value.dryRun).toBeTypeOf("function")
  expect(registry.resolve("algorithms", "sft").value.description).toContain("supervised")
})
