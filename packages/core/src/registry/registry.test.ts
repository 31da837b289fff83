import { describe, expect, expectTypeOf, test } from "vitest"
import { z } from "zod"
import { isSwirlError } from "../errors.ts"
import { defineConfig } from "./config.ts"
import { definePlugin } from "./plugin.ts"
import { createRegistry } from "./registry.ts"

const filter = { description: "keeps all", needs: [], keep: () => true }
const echo = {
  description: "echo",
  inputSchema: z.object({ text: z.string() }),
  execute: ({ text }: { text: string }) => text,
}
const first = definePlugin({
  meta: { name: "first", version: "1.0.0", apiVersion: 1 },
  filters: { all: filter },
  tools: { echo },
})
const second = definePlugin({
  meta: { name: "second", version: "1.0.0", apiVersion: 1 },
  filters: { all: filter, half: filter },
})

const messageOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (isSwirlError(error)) return error.message
  }
  throw new Error("expected a SwirlError")
}

describe("registry", () => {
  test("resolves short and full names", () => {
    const registry = createRegistry([first])
    expect(registry.resolve("filters", "all").fullName).toBe("first/all")
    expect(registry.resolve("filters", "first/all").value).toBe(filter)
  })

  test("names the owners of a clash, and the full name still works", () => {
    const registry = createRegistry([first, second])
    expect(messageOf(() => registry.resolve("filters", "all"))).toMatch(/first\/all and second\/all/)
    expect(registry.resolve("filters", "second/all").plugin).toBe(second)
  })

  test("suggests the nearest name for a typo", () => {
    expect(messageOf(() => createRegistry([second]).resolve("filters", "hlaf"))).toMatch(/Did you mean "half"\?/)
  })

  test("a broken plugin is reported by origin and does not take the others down", () => {
    const registry = createRegistry([
      { origin: "old-plugin", plugin: { ...second, meta: { name: "old", version: "0", apiVersion: 0 } } },
      { origin: "not-a-plugin", plugin: { tools: {} } },
      first,
    ])
    expect(registry.plugins).toEqual([first])
    expect(registry.broken.map((b) => b.origin)).toEqual(["old-plugin", "not-a-plugin"])
    expect(registry.broken[0]?.message).toMatch(/plugin API 0, this is API 1/)
  })

  test("a plugin whose benchmark lacks a field is reported with plugin, benchmark and field", () => {
    const benchmarks = { cities: { splits: ["test"], load: 7 } } as never
    const { broken } = createRegistry([{ origin: "./kit.ts", plugin: definePlugin({ meta: first.meta, benchmarks }) }])
    expect(broken[0]?.message).toMatch(
      /^\.\/kit\.ts is not a usable plugin: of its benchmark "cities", "description" is missing;.*"limits" is missing/,
    )
    expect(broken[0]?.message).toContain('"load" cannot be used: it should be a function')
  })

  test("a plugin made by another copy of the package is accepted", () => {
    const foreign = { ...first, [Symbol.for("swirl-ts.plugin")]: true }
    expect(createRegistry([foreign]).broken).toEqual([])
  })

  test("a typo in a config's names is a compile error", () => {
    const config = defineConfig({ plugins: [first], defaults: { strategy: "first/all" } })
    expectTypeOf(config.defaults?.strategy).toEqualTypeOf<"all" | "first/all" | undefined>()
    // @ts-expect-error there is no filter "al"
    defineConfig({ plugins: [first], defaults: { strategy: "al" } })
  })
})
