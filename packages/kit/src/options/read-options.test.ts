import { isSwirlError } from "@swirl-ts/core"
import { describe, expect, it } from "vitest"
import { z } from "zod"
import { readOptions } from "./read-options.ts"

const schema = z.strictObject({
  votes: z.int().min(1).default(1),
  mode: z.enum(["text", "vector"]).default("text"),
  file: z.string().min(1).optional(),
  inner: z.strictObject({ deep: z.boolean() }).optional(),
})
const read = (...layers: unknown[]) => readOptions("judge llm", schema, ...layers)
const problem = (...layers: unknown[]): string => {
  try {
    read(...layers)
  } catch (error) {
    expect(isSwirlError(error) && error.kind).toBe("usage")
    return (error as Error).message
  }
  throw new Error("nothing was wrong")
}

describe("options", () => {
  it("have the schema's defaults, and a later layer wins over an earlier one", () => {
    expect(read()).toEqual({ votes: 1, mode: "text" })
    expect(read({ votes: 3, mode: "vector" }, undefined, { votes: 5 })).toEqual({ votes: 5, mode: "vector" })
  })

  it("that are given as undefined are not given, whether or not there is such an option", () => {
    expect(read({ votes: 3 }, { votes: undefined, nothing: undefined })).toEqual({ votes: 3, mode: "text" })
  })

  it.each([
    [{ vote: 3 }, 'there is no option "vote". Did you mean "votes"?'],
    [{ colour: 3 }, 'there is no option "colour". There are: file, inner, mode, votes.'],
    [{ votes: 0 }, 'option "votes" cannot be used: it should be 1 or more, but is 0.'],
    [{ votes: "3" }, 'option "votes" cannot be used: it should be a number, but is the text "3".'],
    [{ votes: 1.5 }, 'option "votes" cannot be used: it should be a whole number, but is the number 1.5.'],
    [{ mode: "txt" }, 'option "mode" cannot be used: it should be one of "text", "vector", but is the text "txt".'],
    [{ file: "" }, 'option "file" cannot be used: it should not be empty.'],
    [{ inner: { deep: 1 } }, 'option "inner.deep" cannot be used: it should be true or false, but is the number 1.'],
    [{ inner: { deep: true, x: 1 } }, 'option "inner" cannot be used: "x" is unknown.'],
    [
      { vote: 3, votes: 0 },
      'option "votes" cannot be used: it should be 1 or more, but is 0. There is no option "vote". Did you mean "votes"?',
    ],
    [[1], "they should be an object, but are [1]."],
    ["x", 'they should be an object, but are "x".'],
    [null, "they should be an object, but are null."],
  ])("that are wrong are named, with what was meant: %j", (options, sentences) => {
    expect(problem(options)).toBe(`Options of judge llm: ${sentences}`)
  })

  it("of others are passed over where the schema says so", () => {
    const own = z.object({ timeout: z.number().optional() })
    expect(readOptions("model openai", own, { backend: "wasm", timeout: 5 })).toEqual({ timeout: 5 })
  })
})
