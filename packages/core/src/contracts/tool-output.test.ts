import { expect, test } from "vitest"
import { readToolOutput } from "./tool-output.ts"

test("an MCP result with isError is a tool error; what found nothing says so beside its text", async () => {
  expect(await readToolOutput({ content: [{ type: "text", text: "no such page" }], isError: true })).toEqual({
    text: "no such page",
    isError: true,
  })
  expect(
    await readToolOutput({
      content: [
        { type: "text", text: "a" },
        { type: "text", text: "b" },
      ],
    }),
  ).toEqual({ text: "a\nb", isError: false })
  expect(await readToolOutput({ nothingFound: true, output: "no page" })).toEqual({
    text: "no page",
    isError: false,
    nothingFound: true,
  })
  expect(await readToolOutput({ rows: [1] })).toEqual({ text: '{"rows":[1]}', isError: false })
  expect(await readToolOutput(undefined)).toEqual({ text: "undefined", isError: false })
})
