import { expect, test } from "vitest"
import { z } from "zod"
import { recordProblem } from "./index.ts"

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
  expect(recordProblem(error!.issues[0]!, record)).toBe(`"${field}" cannot be used: ${words}`)
})

test("a field that is not there is missing, and what is no object is said to be none", () => {
  const problem = (record: unknown) => recordProblem(schema.safeParse(record).error!.issues[0]!, record)
  expect(problem({ ...good, flag: undefined })).toBe('"flag" is missing')
  expect(problem([])).toBe("it is no object")
  expect(problem({ ...good, pairs: [["a", undefined]] })).toBe(
    '"pairs.0.1" cannot be used: it should be a number, but is missing',
  )
})
