import { expect, test } from "vitest"
import { z } from "zod"
import { schemaProblem, schemaProblems } from "./schema-problem.ts"

const schema = z.object({
  text: z.string().min(1),
  flag: z.boolean(),
  index: z.int().min(0),
  pairs: z.array(z.tuple([z.string(), z.number()])),
  own: z.string().refine((text) => text.includes("#"), "it has no line #"),
  either: z.union([z.string(), z.number()]),
})
const good = { text: "a", flag: true, index: 0, pairs: [["a", 1]], own: "#", either: 1 }

test.each([
  [{ text: 3 }, "it should be a text, but is the number 3"],
  [{ text: "" }, "it should not be empty"],
  [{ text: null }, "it should be a text, but is null"],
  [{ flag: "true" }, 'it should be true or false, but is the text "true"'],
  [{ index: 1.5 }, "it should be a whole number, but is the number 1.5"],
  [{ index: -1 }, "it should be 0 or more, but is -1"],
  [{ pairs: {} }, "it should be a list, but is an object"],
  [{ pairs: ["a ".repeat(50)] }, `it should be a list, but is the text "${"a ".repeat(20)}…"`],
  [{ pairs: [["a"]] }, "it should have 2 entries, but has 1"],
  [{ pairs: [["a", 1, 2]] }, "it should have 2 entries, but has 3"],
  [{ pairs: [["a", true]] }, "it should be a number, but is true"],
  [{ own: "x" }, "it has no line #"],
  [{ either: [] }, "it has another form than expected, and is a list"],
])("a schema's issue is said in words: %j", (wrong, words) => {
  const record = { ...good, ...wrong }
  const { error } = schema.safeParse(record)
  const field = error!.issues[0]!.path.join(".")
  expect(schemaProblem(error!.issues[0]!, record)).toBe(`"${field}" cannot be used: ${words}`)
})

test("a field that is not there is missing, and what is no object is said to be none", () => {
  const problem = (record: unknown) => schemaProblem(schema.safeParse(record).error!.issues[0]!, record)
  expect(problem({ ...good, flag: undefined })).toBe('"flag" is missing')
  expect(problem([])).toBe("it is no object")
  expect(problem({ ...good, pairs: [["a", undefined]] })).toBe(
    '"pairs.0.1" cannot be used: it should be a number, but is missing',
  )
})

test("options: unknown names, limits and choices", () => {
  const options = z.strictObject({
    count: z.int().min(1).max(100).default(1),
    wait: z.number().positive().default(1),
    mode: z.enum(["text", "vector"]).default("text"),
    inner: z.strictObject({ version: z.literal(1) }).optional(),
  })
  const problems = (value: unknown) => schemaProblems(options.safeParse(value).error!, value)
  expect(problems({ cuont: 1 })).toBe('"cuont" is unknown')
  expect(problems({ a: 1, b: 2 })).toBe('"a", "b" are unknown')
  expect(problems({ count: 101, wait: 0 })).toBe(
    '"count" cannot be used: it should be 100 or less, but is 101; "wait" cannot be used: it should be more than 0, but is 0',
  )
  expect(problems({ mode: "words" })).toBe(
    '"mode" cannot be used: it should be one of "text", "vector", but is the text "words"',
  )
  expect(problems({ inner: { version: 2 } })).toBe(
    '"inner.version" cannot be used: it should be 1, but is the number 2',
  )
  expect(problems({ inner: { version: 1, more: 1 } })).toBe('"inner" cannot be used: "more" is unknown')
})

test("a whole value that fits none of several forms", () => {
  const value = 3
  expect(schemaProblem(z.union([z.string(), z.array(z.string())]).safeParse(value).error!.issues[0]!, value)).toBe(
    "it has another form than expected, and is the number 3",
  )
  const own = z.object({ cell: z.union([z.string(), z.null()], { error: "a cell is a text" }) })
  expect(schemaProblems(own.safeParse({ cell: 3 }).error!, { cell: 3 })).toBe('"cell" cannot be used: a cell is a text')
})
