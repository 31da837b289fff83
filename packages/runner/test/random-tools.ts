/** Tools of random input schemas, and inputs that fit them. */
import { type NamedTool, textArgument } from "@swirl-ts/core"
import fc from "fast-check"

type Schema = Readonly<Record<string, unknown>>

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "",
    " ",
    " x ",
    "12",
    "true",
    "null",
    "{}",
    '{"a": 1}',
    '{"query":"x"}',
    "</probe>",
    "<answer>1</answer>",
    "a < b",
  ),
)
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)

/** A schema with the values that it allows. */
interface Shape {
  schema: Schema
  value: fc.Arbitrary<unknown>
}

const scalars: Shape[] = [
  { schema: { type: "string" }, value: text },
  { schema: { type: "string", description: "any text. At all" }, value: text },
  { schema: { type: "number" }, value: number },
  { schema: { type: "integer" }, value: fc.integer() },
  { schema: { type: "boolean" }, value: fc.boolean() },
  { schema: { enum: ["km", "mi", "12", "true", " "] }, value: fc.constantFrom("km", "mi", "12", "true", " ") },
  { schema: { type: ["string", "null"] }, value: fc.oneof(text, fc.constant(null)) },
  { schema: { anyOf: [{ type: "string" }, { type: "number" }] }, value: fc.oneof(text, number) },
  { schema: { $ref: "#/$defs/Count" }, value: fc.integer({ min: 0 }) },
  { schema: { const: "fixed" }, value: fc.constant("fixed") },
  { schema: {}, value: fc.oneof(text, number, fc.boolean()) },
]

const field = fc.constantFrom("query", "value", "from", "to", "a", "with blank", "<probe>", "münze", "0")

const { shape } = fc.letrec<{ shape: Shape; object: Shape }>((tie) => ({
  shape: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    fc.constantFrom(...scalars),
    tie("shape").map((item) => ({
      schema: { type: "array", items: item.schema },
      value: fc.array(item.value, { maxLength: 3 }),
    })),
    tie("object"),
  ),
  object: objectShape(tie("shape")),
}))

function objectShape(inner: fc.Arbitrary<Shape>): fc.Arbitrary<Shape> {
  const entry = fc.record({ name: field, shape: inner, required: fc.boolean() })
  return fc.uniqueArray(entry, { maxLength: 4, selector: ({ name }) => name }).map((fields) => {
    const required = fields.filter((each) => each.required).map(({ name }) => name)
    return {
      schema: {
        type: "object",
        properties: Object.fromEntries(fields.map(({ name, shape: { schema } }) => [name, schema])),
        required,
      },
      value: fc.record(Object.fromEntries(fields.map(({ name, shape: { value } }) => [name, value])), {
        requiredKeys: required,
        noNullPrototype: true,
      }),
    }
  })
}

export const randomCall: fc.Arbitrary<{ tool: NamedTool; input: Record<string, unknown> }> = objectShape(shape).chain(
  ({ schema, value }) => {
    const inputSchema = { ...schema, $defs: { Count: { type: "integer" } } }
    const tool: NamedTool = {
      name: "probe",
      tag: { name: "probe", argument: textArgument(inputSchema) },
      description: "Probes.",
      inputSchema,
    }
    return value.map((input) => ({ tool, input: input as Record<string, unknown> }))
  },
)

/** Whatever may stand where a JSON Schema should. */
export const hostileSchema: fc.Arbitrary<object> = fc
  .letrec<{ part: unknown; schema: unknown }>((tie) => ({
    part: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom<unknown>("string", "object", "array", "#", "#/$defs/a", "https://example.org", null, true, 3),
      tie("schema"),
      fc.array(tie("part"), { maxLength: 3 }),
    ),
    schema: fc.dictionary(
      fc.constantFrom(
        ..."type properties required items prefixItems anyOf oneOf allOf $ref $defs enum const description additionalProperties default examples nullable not pattern a".split(
          " ",
        ),
      ),
      tie("part"),
      { maxKeys: 5 },
    ),
  }))
  .schema.map((schema) => schema as object)
