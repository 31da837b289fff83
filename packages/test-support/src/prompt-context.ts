/** What a benchmark writes a prompt with: tools that do nothing, and an action format that shows who wrote what. */
import { assistantMessage, type Limits, type PromptContext, userMessage } from "@swirl-ts/core"

/** Calls read `call <query>`, their results `<query> -> <result>`, the instructions `(<format> with <tools>)`. */
export const promptContext = (format: string, limits: Limits, tools: readonly string[]): PromptContext => ({
  format: {
    name: format,
    description: "",
    requestTools: () => [],
    parse: () => ({ kind: "malformed", reason: "" }),
    write: (action) => ({ text: action.kind === "tool" ? `call ${action.query}` : action.answer, toolCalls: [] }),
    turn: ({ text }) => assistantMessage(text),
    reply: (action, { text }) => [userMessage(action.kind === "tool" ? `${action.query} -> ${text}` : text)],
    describe: (named) => `(${format} with ${named.map(({ name }) => name).join()})`,
  },
  tools: tools.map((name) => ({ name, tag: { name, argument: "query" }, description: "", inputSchema: {} })),
  limits,
})
