import { type NamedTool, sampleToolInput, textArgument } from "@swirl-ts/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { hostileSchema, randomCall } from "../test/random-tools.ts"
import { malformedReply } from "./action-text.ts"
import { native } from "./format-native.ts"
import { tags } from "./format-tags.ts"

const read = (text: string, tool: NamedTool) => tags.parse({ text, toolCalls: [], finishReason: "stop" }, [tool])

/** The only inputs that have no text: a text alone that is empty, has blanks around it, or a tag of this format in it. */
const isUnwritable = ({ tag, inputSchema }: NamedTool, input: Record<string, unknown>): boolean => {
  const { properties } = inputSchema as { properties: Record<string, { type?: unknown }> }
  const value = input[tag.argument ?? ""]
  const isTextAlone = Object.keys(properties).length === 1 && properties[tag.argument ?? ""]?.type === "string"
  return (
    isTextAlone &&
    typeof value === "string" &&
    (value.trim() !== value || value === "" || /<\/?(probe|answer)>/.test(value))
  )
}

describe("calls of tools of any schema, with any input that fits it", () => {
  it("are written in tags so that they are read back, or refused in words", () => {
    fc.assert(
      fc.property(randomCall, ({ tool, input }) => {
        const call = { kind: "tool" as const, tool: "probe", input, query: "" }
        if (isUnwritable(tool, input)) {
          expect(() => tags.write(call, [tool])).toThrow(/^a call of probe with .* cannot be written: ./)
          return
        }
        const { text } = tags.write(call, [tool])
        const action = read(text, tool)
        expect(action).toEqual({ ...call, query: action.kind === "tool" ? action.query : "none" })
        expect(text).toBe(`<probe>${action.kind === "tool" && action.query}</probe>`)
        expect(read(`first <think>I think</think>\n${text}\n`, tool)).toEqual(action)
      }),
      { numRuns: 500 },
    )
  })

  it("are written natively so that they are read back", () => {
    fc.assert(
      fc.property(randomCall, ({ tool, input }) => {
        const written = native.write({ kind: "tool", tool: "probe", input, query: "" }, [tool])
        expect(native.parse({ ...written, finishReason: "stop" }, [tool])).toMatchObject({ kind: "tool", input })
      }),
    )
  })
})

describe("for a tool of any schema", () => {
  it("the call that a malformed turn is answered with can be read", () => {
    fc.assert(
      fc.property(randomCall, ({ tool }) => {
        const { text } = tags.write({ kind: "tool", tool: "probe", input: sampleToolInput(tool), query: "" }, [tool])
        expect(read(text, tool)).toMatchObject({ kind: "tool" })
        expect(malformedReply("bad", tags, [tool])).toContain(text)
      }),
      { numRuns: 200 },
    )
  })

  it("no text makes parse throw, and what is malformed has a reason", () => {
    const piece = fc.constantFrom(...'<probe>|</probe>|<answer>|{|}|[|]|"value"|:|1|null|true|km|,| |<|{}'.split("|"))
    const content = fc.oneof(
      fc.string(),
      fc.json(),
      fc.array(piece).map((pieces) => pieces.join("")),
    )
    fc.assert(
      fc.property(randomCall, content, ({ tool }, text) => {
        for (const turn of [text, `<probe>${text}</probe>`]) {
          const action = read(turn, tool)
          if (action.kind === "malformed") expect(action.reason).toMatch(/\w{3}/)
        }
      }),
      { numRuns: 500 },
    )
  })
})

it("whatever stands in a schema, its tool is described, called and answered without a throw", () => {
  fc.assert(
    fc.property(hostileSchema, fc.json(), (inputSchema, text) => {
      const argument = textArgument(inputSchema)
      const tool: NamedTool = { name: "probe", tag: { name: "probe", argument }, description: "Probes.", inputSchema }
      expect(tags.describe([tool])).toContain("To call probe, write ")
      expect(malformedReply("bad", tags, [tool])).toContain("error: bad")
      read(`<probe>${text}</probe>`, tool)
      read("<probe></probe>", tool)
    }),
    { numRuns: 500 },
  )
})
