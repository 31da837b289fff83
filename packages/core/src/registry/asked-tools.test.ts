import { expect, test } from "vitest"
import { z } from "zod"
import type { Benchmark } from "../contracts/benchmark.ts"
import { askedTools } from "./asked-tools.ts"
import { createRegistry } from "./create-registry.ts"
import { definePlugin } from "./plugin.ts"

const tool = (tag?: string) => ({
  description: "looks something up",
  inputSchema: z.object({ q: z.string() }),
  tag: tag === undefined ? undefined : { name: tag, argument: "q" },
  execute: () => "",
})
const benchmark = (...names: string[]): Benchmark => ({
  description: "Capitals.",
  splits: ["test"],
  tools: names.map((name) => ({ name })),
  limits: { toolCalls: 0, steps: 1, stepTokens: 64, trajectoryTokens: 1024 },
  async *load() {},
  prompt: () => [],
  score: () => ({ exact: 1 }),
  primaryMetric: "exact",
})
const [short, full, both, tags] = [
  benchmark("search"),
  benchmark("official/search"),
  benchmark("official/search", "search"),
  benchmark("official/look", "find"),
]
const official = definePlugin({
  meta: { name: "official", version: "1.0.0", apiVersion: 1 },
  tools: { search: tool(), look: tool("find") },
})
const mine = definePlugin({
  meta: { name: "mine", version: "1.0.0", apiVersion: 1 },
  tools: { search: tool(), find: tool() },
  benchmarks: { short, full, both, tags },
})
const other = definePlugin({
  meta: { name: "other", version: "1.0.0", apiVersion: 1 },
  benchmarks: { far: benchmark("search") },
})
const registry = createRegistry([official, mine, other])
const asked = (value: Benchmark): string[] => askedTools(registry, value).map(({ fullName }) => fullName)

test("a full name means one tool, a short one its own plugin's before the one that was loaded first", () => {
  expect(asked(full)).toEqual(["official/search"])
  expect(asked(short)).toEqual(["mine/search"])
  expect(asked(other.benchmarks.far)).toEqual(["official/search"])
})

test("two tools that a model could not tell apart are refused by the benchmark's name, and said at load", () => {
  expect(() => asked(both)).toThrow(
    'Benchmark mine/both asks for official/search and mine/search, and a model calls both by the name "search".',
  )
  expect(() => asked(tags)).toThrow('official/look and mine/find, and a model calls both by the tag "find"')
  expect(registry.notices).toEqual([
    expect.stringContaining('"search" is offered by'),
    expect.stringContaining("Benchmark mine/both asks for"),
    expect.stringContaining("Benchmark mine/tags asks for"),
  ])
})

test.each([
  ["a", "a"],
  ["a", "mine/a"],
  ["search", "official/search", "search"],
])("a tool that is asked for twice is refused, and said at load: %j", (...names) => {
  const again = benchmark(...names)
  const own = definePlugin({
    meta: { name: "mine", version: "1.0.0", apiVersion: 1 },
    tools: { a: tool() },
    benchmarks: { again },
  })
  const lookup = createRegistry([official, own])
  expect(() => askedTools(lookup, again)).toThrow(/^Benchmark mine\/again asks for the tool \S+ twice/)
  expect(lookup.notices).toEqual([expect.stringContaining("Benchmark mine/again asks for the tool")])
})

test("a tool that is not loaded is told where the benchmark is used, not at load", () => {
  const lacking = createRegistry([other])
  expect(lacking.notices).toEqual([])
  expect(() => askedTools(lacking, other.benchmarks.far)).toThrow('There is no tool "search"')
})
