import { expect, test } from "vitest"
import { z } from "zod"
import { type RecordName, recordJsonSchema, recordSchemas } from "./records.ts"

const matrix = {
  schema: "swirl.matrix/1",
  policy: "nano",
  judge: "grounded",
  cells: ["calc/test"],
  base: { "calc/test": { accuracy: 0.5, n: 4, ci: [0.1, 0.9] } },
  rows: [],
  questions: 4,
}
const isValid = (name: RecordName, value: unknown): boolean =>
  z.fromJSONSchema(recordJsonSchema(name) as z.core.JSONSchema.JSONSchema).safeParse(value).success

test("the JSON Schema of a record takes what its own schema takes: fields of a newer version, defaults that are not there", () => {
  const newer = { ...matrix, seconds: 3, base: { "calc/test": { ...matrix.base["calc/test"], newField: 1 } } }
  const metric = { schema: "swirl.metric/1", step: 1, values: { loss: null } }
  for (const [name, value] of [
    ["swirl.matrix/1", matrix],
    ["swirl.matrix/1", newer],
    ["swirl.metric/1", metric],
  ] as const) {
    expect(recordSchemas[name].safeParse(value).success).toBe(true)
    expect(isValid(name, value)).toBe(true)
  }
})

test("and nothing that it refuses", () => {
  for (const wrong of [
    { schema: "swirl.matrix/2" },
    { base: { "calc/test": { accuracy: "0.5" } } },
    { rows: undefined },
  ]) {
    expect(recordSchemas["swirl.matrix/1"].safeParse({ ...matrix, ...wrong }).success).toBe(false)
    expect(isValid("swirl.matrix/1", { ...matrix, ...wrong })).toBe(false)
  }
})
