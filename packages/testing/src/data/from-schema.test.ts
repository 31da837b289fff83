import { expect, test } from "vitest"
import { valuesFromSchema } from "./from-schema.ts"

const value = { type: "integer" }

test("a schema that asks for itself gives a value that ends", () => {
  const next = { anyOf: [{ $ref: "#" }, { type: "null" }] }
  const values = valuesFromSchema({ type: "object", properties: { value, next }, required: ["value", "next"] })
  expect(values).toHaveLength(1)
  const nodes: unknown[] = []
  for (let node = values[0] as { next: typeof node } | null; node; node = node.next) nodes.push(node)
  expect(nodes.length).toBeGreaterThan(1)
  expect(nodes.at(-1)).toEqual({ value: 1, next: null })
})

test("one that asks for itself without end gives a value too", () => {
  const properties = { self: { $ref: "#" }, list: { type: "array", minItems: 2, items: { $ref: "#" } } }
  expect(valuesFromSchema({ type: "object", properties, required: ["self", "list"] })).toHaveLength(1)
})

test("a reference may lead to a name with a slash", () => {
  const $defs = { "length/km": { type: "number", minimum: 3 } }
  const properties = { to: { $ref: "#/$defs/length~1km" } }
  expect(valuesFromSchema({ $defs, type: "object", properties, required: ["to"] })).toEqual([{ to: 3 }])
})

test("an object may ask for one field or another", () => {
  const schema = {
    type: "object",
    properties: { a: value, b: value },
    oneOf: [{ required: ["a"] }, { required: ["b"] }],
  }
  expect(valuesFromSchema(schema)[0]).toEqual({ a: 1 })
})
