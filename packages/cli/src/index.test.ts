import { expect, test } from "vitest"
import { defineConfig, definePlugin, official } from "./index.ts"

const own = definePlugin({
  meta: { name: "own", version: "1.0.0", apiVersion: 1 },
  filters: { tidy: { description: "keeps what is tidy", needs: [], keep: () => true } },
})

test("names of the official plugins and of one's own are known to a config's types", () => {
  defineConfig({
    plugins: [...official(), own],
    defaults: { judge: "grounded", strategy: "tidy", engine: "local/local" },
  })
  defineConfig({ plugins: official(), defaults: { algorithm: "trainer/swirl" } })
  // @ts-expect-error no judge has this name
  defineConfig({ plugins: [...official(), own], defaults: { judge: "grunded" } })
  // @ts-expect-error that is a judge, not a filter
  defineConfig({ plugins: [...official(), own], defaults: { strategy: "grounded" } })
})

test("official plugins take their options by name", () => {
  expect(official({ search: { count: 1 } }).map(({ meta }) => meta.name)).toEqual(
    official().map(({ meta }) => meta.name),
  )
  // @ts-expect-error the option is a number
  expect(() => official({ search: { count: "one" } })).toThrow('Options of tool search: option "count"')
  // @ts-expect-error no plugin has this name
  expect(() => official({ serach: {} })).toThrow(
    'no official plugin "serach" to give options to. Did you mean "search"?',
  )
  // @ts-expect-error a plugin without options takes none
  expect(() => official({ judges: { nonsense: 1 } })).toThrow('plugin judges: there is no option "nonsense"')
})
