/**
 * A tool of LangChain as ours, recognised by its structure: nothing of LangChain is imported. LangChain checks and converts
 * the input itself, so the tool gets what the model sent and not what the schema made of it.
 */
import type { Tool } from "./tool.ts"
import { checkToolInput, readToolSchema } from "./tool-schema.ts"

/** What is used of `StructuredTool`, `DynamicStructuredTool`, `DynamicTool` and what `tool()` returns, of `@langchain/core`. */
export interface LangchainTool {
  name: string
  description: string
  schema: unknown
  invoke(input: never, config?: never): Promise<unknown>
}

/** `tools: { weather: fromLangchain(weather) }`. A tool that takes one text gets it in the field `input`. */
export function fromLangchain(tool: LangchainTool): Tool {
  const invoke = tool.invoke.bind(tool) as unknown as (input: unknown, config: object) => Promise<unknown>
  const takesText = isTextSchema(tool.schema)
  return {
    description: tool.description,
    inputSchema: takesText ? textField : unconverted(tool),
    execute: async (input, { abortSignal }) =>
      readResult(await invoke(takesText ? (input as { input: string }).input : input, { signal: abortSignal })),
  }
}

const textField = { type: "object", properties: { input: { type: "string" } }, required: ["input"] }

/** LangChain's tools of one text have a schema that unwraps it. */
function isTextSchema(schema: unknown): boolean {
  const { safeParse } = schema as { safeParse?(value: unknown): { data?: unknown } }
  return typeof safeParse === "function" && safeParse.call(schema, { input: "text" }).data === "text"
}

const unconverted = ({ name, schema: inputSchema }: LangchainTool) => ({
  "~standard": {
    version: 1 as const,
    vendor: "langchain",
    validate: async (input: unknown) => {
      const checked = await checkToolInput({ inputSchema }, input)
      return checked.issues ? checked : { value: input }
    },
    jsonSchema: { input: () => readToolSchema(name, { inputSchema }) },
  },
})

/** A ToolMessage is its content, and blocks are what they hold. */
function readResult(result: unknown): unknown {
  if (typeof result === "object" && result !== null && "lc_direct_tool_output" in result) {
    const { content, status } = result as { content?: unknown; status?: unknown }
    if (content === undefined) return result
    return status === "error" ? { isError: true, output: content } : readResult(content)
  }
  const blocks = Array.isArray(result) && result.length > 0 && result.every((block) => typeof block?.type === "string")
  return blocks ? { content: result } : result
}
