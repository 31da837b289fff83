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
