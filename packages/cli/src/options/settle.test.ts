import { expect, expectTypeOf, test } from "vitest"
import type { OptionTable } from "./option.ts"
import { settle } from "./settle.ts"
import { modelOptions, runOptions, stepJudge, taskOptions } from "./tables.ts"
import { namedValue, positive } from "./values.ts"

const table = {
  seed: { value: "<n>", parse: Number, config: "seed", default: 7 },
  judge: { value: "<name>", config: "judge", implied: ({ judgeModel }) => judgeModel && "llm", default: "grounded" },
} as const satisfies OptionTable

test("a flag goes before what another flag implies, that before the config, the config before the default", () => {
  const config = { judge: "form", seed: 3 } as object
  expect(settle(table, { judge: "plan", judgeModel: "m", seed: 5 }, config)).toEqual({ judge: "plan", seed: 5 })
  expect(settle(table, { judgeModel: "m" }, config)).toEqual({ judge: "llm", seed: 3 })
  expect(settle(table, {}, config)).toEqual({ judge: "form", seed: 3 })
  expect(settle(table, {})).toEqual({ judge: "grounded", seed: 7 })
  expect(settle(table, { seed: 0 }, config).seed).toBe(0)
})

test("the model of an outcome judge makes no judge of steps of it", () => {
  const judge = { judge: stepJudge }
  expect(settle(judge, { judgeModel: "m" }).judge).toBe("llm")
  expect(settle(judge, { judgeModel: "m", outcomeJudge: "llm" }).judge).toBe("grounded")
})

test("without a default a list is empty, a switch is off, and a value is not there", () => {
  const open = { list: { value: "<a>", repeatable: true }, on: {}, text: { value: "<b>" } } as const
  expect(settle(open, {})).toEqual({ list: [], on: false, text: undefined })
})

test("the types of values follow from the table", () => {
  expectTypeOf(settle(runOptions, {})).toEqualTypeOf<{ run: string; seed: number; concurrency: number }>()
  expectTypeOf(settle(modelOptions, {}).backend).toEqualTypeOf<"wasm" | "native" | undefined>()
  expectTypeOf(settle(taskOptions, {}).shard).toEqualTypeOf<{ index: number; count: number } | undefined>()
  const own = {
    on: { help: "a switch" },
    maybe: { value: "[name]" },
    many: { value: "<name=value>", parse: namedValue, repeatable: true },
    needed: { value: "<n>", parse: positive, required: true },
  } as const satisfies OptionTable
  expectTypeOf(settle(own, {})).toEqualTypeOf<{
    on: boolean
    maybe: string | true | undefined
    many: (readonly [name: string, value: unknown])[]
    needed: number
  }>()
})
