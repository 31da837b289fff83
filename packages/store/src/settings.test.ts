import { expect, it } from "vitest"
import { checkSettings, type Settings } from "./settings.ts"

const check = (before: Settings | undefined, now: Settings, more: { records?: boolean; otherwise?: string[] } = {}) =>
  checkSettings({
    before,
    now,
    mayChange: ["limit", "options.iterations"],
    otherwise: more.otherwise,
    hasRecords: async () => more.records ?? true,
    refusal: (differences) => `No: ${differences}.`,
  })

it("takes the same settings in any order, those that say how much is done, and the first ones of all", async () => {
  await check({ model: "a", top: { k: 1, p: 2 }, seed: undefined }, { top: { p: 2, k: 1 }, model: "a" })
  await check({ model: "a", limit: 3 }, { model: "a" })
  await check({ options: { iterations: 1, states: 4 } }, { options: { iterations: 2, states: 4 } })
  await check(undefined, { model: "a" })
})

it("names every setting that differs, also one that was not set, and null is a value", async () => {
  await expect(check({ model: "a", seed: 1 }, { model: "b", top: null })).rejects.toThrow(
    'No: model was "a" and is "b" now; seed was 1 and is not set now; top was not set and is null now.',
  )
  await expect(check({ options: { iterations: 1, states: 4 } }, { options: { states: 8 } })).rejects.toThrow(
    'No: options was {"states":4} and is {"states":8} now.',
  )
  await expect(check({}, {}, { otherwise: ["prompt was x and is y now"] })).rejects.toThrow("No: prompt was x")
})

it("takes other settings where nothing was recorded under the earlier ones", async () => {
  await check({ model: "a" }, { model: "b" }, { records: false, otherwise: ["prompt was x and is y now"] })
})
