import { expect, test } from "vitest"
import type { PromptContext } from "../index.ts"
import { workedCalls } from "./worked-example.ts"

const tool = (name: string, argument: string) => ({ name, tag: { name: argument, argument } })
const toolsOf = (...tools: object[]) => ({ tools }) as unknown as Pick<PromptContext, "tools">

test("worked calls are of the tool that is meant, wherever it stands, and none without it", () => {
  const calculator = tool("calculator", "expression")
  const calls = [{ query: "Rome", result: "Rome: a city" }]
  for (const name of ["search", "tools-search/search"]) {
    expect(workedCalls(toolsOf(calculator, tool(name, "query")), "search", calls)).toEqual([
      { action: { kind: "tool", tool: name, input: { query: "Rome" }, query: "Rome" }, result: "Rome: a city" },
    ])
  }
  expect(workedCalls(toolsOf(calculator), "search", calls)).toEqual([])
})

test("a worked call of a tool that takes more than a text is read as a model's would be, or refused in words", () => {
  const properties = { value: { type: "number" } }
  const square = { ...tool("square", "value"), inputSchema: { type: "object", properties, required: ["value"] } }
  expect(workedCalls(toolsOf(square), "square", [{ query: "12 ", result: "144" }])).toEqual([
    { action: { kind: "tool", tool: "square", input: { value: 12 }, query: "12" }, result: "144" },
  ])
  expect(() => workedCalls(toolsOf(square), "square", [{ query: "twelve", result: "144" }])).toThrow(
    'A worked call of square cannot be shown: its text does not fit: "value" cannot be used: it should be a number',
  )
})
