import type { Tool } from "@swirl-ts/core"
import { type ToolChecks, toolChecks } from "../../src/index.ts"
import { brokenExamples } from "./broken.ts"

const inputSchema = { type: "object", properties: { text: { type: "string" } }, required: ["text"] } as const
const loose = { jsonSchema: inputSchema, validate: (value: unknown) => ({ success: true, value }) }
const sound: Tool = { description: "Says it louder.", inputSchema, execute: ({ text }) => `${text.toUpperCase()}!` }
let count = 0
const later = (value: string): Promise<string> => new Promise((resolve) => setTimeout(resolve, 3_000, value))

/** What an author gives. */
const given: ToolChecks = {
  valid: [{ name: "a word", input: { text: "abc" }, output: /abc!|done|call/i }],
  invalid: [{ name: "a number", input: { text: 5 }, error: /text/ }],
}

export const tool = brokenExamples<Tool, ToolChecks>("tool", toolChecks, [sound, given], {
  "answers a word": [sound, { valid: [{ name: "a word", input: { text: "abc" }, output: "abc" }] }],
  "refuses a number": [sound, { invalid: [{ name: "a number", input: { text: "5" } }] }],
  "is a tool that can be loaded": [{ ...sound, description: " " }],
  "shows its input as JSON Schema, whose fields say what they are": [
    {
      ...sound,
      inputSchema: { ...inputSchema, properties: { text: {} } },
      execute: ({ text }) => (typeof text === "string" ? `${text}!` : { isError: true, output: "text is no text" }),
    },
  ],
  "answers what its schema allows": [
    { ...sound, execute: ({ text }) => (text === "text" ? "[object Object]" : `${text}!`) },
    { valid: undefined },
  ],
  "refuses an input that its schema does not allow": [
    {
      ...sound,
      inputSchema: loose,
      execute: (input) => (input?.text === 5 ? { isError: true, output: "text is no text" } : `${input?.text}!`),
    },
  ],
  "answers whatever text it is given": [
    { ...sound, execute: ({ text }) => (text.includes("\u0000") ? "[object Object]" : `${text}!`) },
  ],
  "answers a huge text": [
    { ...sound, execute: ({ text }) => (text.length > 10_000 ? later(text) : `${text}!`) },
    { timeout: 200 },
  ],
  "leaves its input as it is": [
    {
      ...sound,
      execute: (input) => {
        input.text = "changed"
        return "done"
      },
    },
  ],
  "answers the same input alike": [{ ...sound, execute: () => `call ${count++}` }],
  "ends when its signal is aborted": [
    { ...sound, execute: ({ text }, { abortSignal }) => (abortSignal ? later(text) : `${text}!`) },
  ],
})
