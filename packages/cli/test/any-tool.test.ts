/** Tools with several fields, one number, no field or optional ones, called in the default action format and by hand. */
import { mkdir, symlink } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

const own = `
import { definePlugin, instructions, userMessage } from "@swirl-ts/core"

const object = (properties, required = Object.keys(properties)) => ({ jsonSchema: { type: "object", properties, required } })
const number = { type: "number" }
const unit = { enum: ["km", "mi"] }
const tasks = [
  { id: "0", question: "How many mi are 10 km?", answer: "6.21" },
  { id: "1", question: "What is 12 times 12?", answer: "144" },
  { id: "2", question: "Which year is it?", answer: "2026" },
  { id: "3", question: "Which page is about Rome?", answer: "7" },
]

export default definePlugin({
  meta: { name: "own", version: "1.0.0", apiVersion: 1 },
  tools: {
    convert: {
      description: "Converts a length.",
      inputSchema: object({ value: { ...number, description: "the amount" }, from: unit, to: unit }),
      execute: ({ value, from, to }) => from === to ? value : (from === "km" ? value * 0.621371 : value / 0.621371).toFixed(2),
    },
    square: { description: "Squares a number.", inputSchema: object({ value: number }), execute: ({ value }) => value * value },
    year: { description: "Tells the year.", inputSchema: object({}), execute: () => ({ year: 2026 }) },
    page: {
      description: "Finds a page.",
      inputSchema: object({ query: { type: "string" }, count: { type: "integer", description: "how many" } }, ["query"]),
      execute: async function* ({ query, count = 1 }) {
        yield "looking"
        yield { content: [{ type: "text", text: query + " x" + count }], structuredContent: { page: 7 } }
      },
    },
  },
  benchmarks: {
    errands: {
      description: "A bit of everything.", splits: ["test"], primaryMetric: "exact",
      tools: ["convert", "square", "year", "page"].map((name) => ({ name })),
      limits: { toolCalls: 3, steps: 4, stepTokens: 200, trajectoryTokens: 4000 },
      async *load() { yield* tasks },
      prompt: (task, context) => [userMessage(instructions(task.question, "Answer shortly.", context))],
      score: (task, answer) => ({ exact: Number(answer === task.answer) }),
    },
  },
})
`
const script = [
  {
    match: "10 km",
    replies: [
      "<convert>10 km in mi</convert>",
      '<convert>{"value": 10, "from": "km", "to": "mi"}</convert>',
      "<answer>6.21</answer>",
    ],
  },
  { match: "12 times", replies: ["<square>12</square>", "<answer>144</answer>"] },
  { match: "year is it", replies: ["<year></year>", "<answer>2026</answer>"] },
  {
    match: "about Rome",
    replies: ["<page>Rome</page>", '<page>{"query": "Rome", "count": 2}</page>', "<answer>7</answer>"],
  },
]
const directory = temporaryFolder({ "own.mjs": own, "script.json": JSON.stringify(script) })
await mkdir(join(directory, "node_modules"))
const packages = fileURLToPath(new URL("../../../node_modules/@swirl-ts", import.meta.url))
await symlink(packages, join(directory, "node_modules", "@swirl-ts"))
const swirl = swirlIn(directory)

test("a benchmark with such tools is told, answered and scored", async () => {
  const { stdout } = await swirl("show", "errands", "--plugin", "./own.mjs")
  expect(stdout).toContain(
    'To call convert, write JSON such as <convert>{"value":1,"from":"km","to":"km"}</convert>, with value (number: the amount), from ("km" | "mi"), to ("km" | "mi"). Converts a length.',
  )
  const common = ["errands", "--plugin", "./own.mjs", "--model", "script:script.json", "--split", "test", "--json"]
  const evaluation = await swirl("eval", ...common)
  expect([evaluation.code, evaluation.json.cells[0]]).toEqual([0, expect.objectContaining({ accuracy: 1, n: 4 })])
}, 60_000)

test.each([
  ["convert", '{"value": 1, "from": "km", "to": "mi"}', "0.62"],
  ["square", "12", "144"],
  ["year", undefined, '{"year":2026}'],
  ["page", '{"query": "Rome", "count": 2}', 'Rome x2\n{"page":7}'],
])("swirl tool %s %s", async (name, input, output) => {
  const { code, json } = await swirl("tool", name, ...(input ? [input] : []), "--plugin", "./own.mjs", "--json")
  expect([code, json]).toEqual([0, { output, isError: false, milliseconds: expect.any(Number) }])
})

test.each([
  [
    "convert",
    "1 km",
    'The input of convert should be a JSON object with value (number), from ("km" | "mi"), to ("km" | "mi"), but holds the text "1 km".',
  ],
  [
    "convert",
    '{"value": 1, "from": "kg", "to": "mi"}',
    'The input of convert does not fit: "from" cannot be used: it should be one of "km", "mi", but is the text "kg".',
  ],
  [
    "square",
    "twelve",
    'The input of square does not fit: "value" cannot be used: it should be a number, but is the text "twelve".',
  ],
  ["year", "now", 'The input of year takes nothing, but holds the text "now".'],
])("swirl tool %s %s is wrong usage", async (name, input, problem) => {
  const { code, stderr } = await swirl("tool", name, ...(input ? [input] : []), "--plugin", "./own.mjs")
  expect([code, stderr]).toEqual([2, expect.stringContaining(problem)])
})
