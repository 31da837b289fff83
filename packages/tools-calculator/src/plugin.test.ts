import { assertPlugin, callTool } from "@swirl-ts/core"
import { describe, expect, it } from "vitest"
import { calculator } from "./plugin.ts"

const options = { toolCallId: "1", messages: [] }

describe("the calculator plugin", () => {
  const { tools } = calculator()

  it("is a plugin that core accepts", () => {
    expect(() => assertPlugin(calculator(), "test")).not.toThrow()
  })

  it("answers a call with the number alone", async () => {
    expect(await callTool(tools.calculator, { expression: "48 / 2" }, options)).toEqual({
      text: "24.0",
      isError: false,
    })
  })

  it("marks a failure as a tool error that starts with the word error", async () => {
    const observation = await callTool(tools.calculator, { expression: "1 / 0" }, options)
    expect(observation).toEqual({ text: "error: division by zero", isError: true })
  })

  it("treats input of another shape as a tool error", async () => {
    expect(await callTool(tools.calculator, { expression: 5 }, options)).toMatchObject({ isError: true })
    expect(await callTool(tools.calculator, {}, options)).toMatchObject({ isError: true })
  })

  it("is written in the paper's tag, and takes a benchmark's style when it is bound", async () => {
    const { calculator: tool } = calculator().tools
    expect(tool.tag).toEqual({ name: "math_exp", argument: "expression" })
    const bound = await tool.bind!({ options: { style: "plain" } })
    expect(await callTool(bound, { expression: "48 / 2" }, options)).toEqual({ text: "24", isError: false })
    expect(await callTool(tool, { expression: "48 / 2" }, options)).toEqual({ text: "24.0", isError: false })
    expect(() => tool.bind!({ options: { style: "roman" } })).toThrow("python-float")
  })

  it("prints in the style it was made with, and refuses unknown styles", () => {
    const plain = calculator({ style: "plain" }).tools.calculator
    expect(plain.execute({ expression: "48 / 2" }, options)).toBe("24")
    expect(() => calculator({ style: "roman" as "plain" })).toThrow("python-float")
  })
})
