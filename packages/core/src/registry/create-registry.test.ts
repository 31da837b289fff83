import { describe, expect, expectTypeOf, test } from "vitest"
import { z } from "zod"
import { isSwirlError } from "../errors.ts"
import { defineConfig } from "./config.ts"
import { createRegistry } from "./create-registry.ts"
import { definePlugin } from "./plugin.ts"

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

  test("a short name of several means the one that was loaded first, which is said once; the full names still work", () => {
    const registry = createRegistry([first, { origin: "./second.ts", plugin: second }])
    expect(registry.resolve("filters", "all").fullName).toBe("first/all")
    expect(registry.resolve("filters", "second/all").plugin).toBe(second)
    expect(registry.notices).toEqual([
      'The filter "all" is offered by first/all (of plugin 1) and second/all (of ./second.ts): the short name means first/all, which was loaded first.',
    ])
    expect(createRegistry([second, first]).resolve("filters", "all").fullName).toBe("second/all")
  })

  test("of two plugins of one name the first stays, and the other is told with both origins", () => {
    const other = definePlugin({ meta: { ...first.meta, version: "2.0.0" }, tools: { echo } })
    const registry = createRegistry([
      { origin: "first", plugin: first },
      { origin: "./other.ts", plugin: other },
    ])
    expect(registry.plugins).toEqual([first])
    expect(registry.broken).toEqual([
      {
        origin: "./other.ts",
        message:
          "two plugins are called first: version 1.0.0 of first was loaded first and stays, version 2.0.0 of ./other.ts is left out. Give it another meta.name",
      },
    ])
  })

  test("a plugin that is given twice counts once; that is said where its options may differ", () => {
    expect(createRegistry([first, first])).toMatchObject({ plugins: [first], broken: [], notices: [] })
    const again = definePlugin({ ...first })
    expect(createRegistry([first, again])).toMatchObject({
      plugins: [first],
      broken: [],
      notices: ["The plugin first 1.0.0 is given by plugin 1 and plugin 2; the first counts."],
    })
  })

  test("a tool without a description works, and that is said", () => {
    const { description: _, ...mute } = echo
    const { broken, notices } = createRegistry([definePlugin({ meta: first.meta, tools: { mute } as never })])
    expect([broken, notices]).toEqual([[], [expect.stringContaining("first/mute (of plugin 1) has no description")]])
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
    defineConfig({ plugins: [first], tools: { "first/echo": { timeout: 5 }, echo: { observationLimit: 2000 } } })
    // @ts-expect-error there is no tool "ecko"
    defineConfig({ plugins: [first], tools: { ecko: { timeout: 5 } } })
  })
})
