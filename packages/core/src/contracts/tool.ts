/**
 * The Tool contract: structurally an AI SDK tool, so tools of `ai` and MCP tools fit, with a schema of any library.
 * Whatever a tool does, the loop goes on: an error is an observation.
 */
import type { StandardSchemaV1 } from "@standard-schema/spec"
import { errorMessage } from "../errors.ts"
import type { Corpus } from "./corpus.ts"
import type { ToolServices } from "./retriever.ts"
import type { SupportRule } from "./support.ts"
import { type Observation, readToolOutput } from "./tool-output.ts"
import { checkToolInput, type ToolInput, type ToolSchema } from "./tool-schema.ts"

/** What a tool may be bound to for one task: the benchmark's passages, its options for this tool, and the house's services. */
export interface ToolContext extends Partial<ToolServices> {
  corpus?: Corpus
  options: Readonly<Record<string, unknown>>
  /** The task's, within its split; a roll-out always says the three, who tries a tool by itself need not. */
  taskId?: string
  split?: string
  /** For whatever the tool draws: its own for every task and every sample of it, and the same in every run. */
  seed?: number
  /** Ends the binding, e.g. the building of an index. */
  abortSignal?: AbortSignal
}

/** How a tool searches a task's passages. */
export interface PassageSearch {
  /** By registry name. */
  retriever: string
  /** The retriever's. */
  options: Readonly<Record<string, unknown>>
  /** Passages that one call shows, at most. */
  count: number
}

export interface ToolCallOptions {
  toolCallId: string
  messages: readonly unknown[]
  abortSignal?: AbortSignal
}

// biome-ignore lint/suspicious/noExplicitAny: the AI SDK's own seam: the input type belongs to the tool's schema
export interface Tool<Input = any> {
  description: string
  inputSchema: ToolSchema<Input>
  execute(input: Input, options: ToolCallOptions): unknown
  /** The `tags` action format's tag and the input field that its text fills; default: the tool's name, and its only field or the only required one. */
  tag?: { name: string; argument: string }
  /** An AI SDK tool's own words for its output; called with `{ toolCallId, input, output }`, or with the output alone (version 5). */
  toModelOutput?(output: never): unknown
  /** Its own rule for judges of steps, such as `grounded`, of the input as the schema gives it. It runs nothing. */
  isSupported?: SupportRule<Input>
  /**
   * What a result of it says, for judges that compare results: two results that share a key say the same there. With a
   * benchmark's options for the tool. Default: the number that the text is, to four decimals, else its words.
   */
  resultKeys?(text: string, options: Readonly<Record<string, unknown>>): readonly string[]
  /** A call changes nothing that outlives the binding, so it may be made again, e.g. to judge an action that was not taken. */
  isRepeatable?: boolean
  /** Unless it is bound to passages it has nothing to do. */
  needsCorpus?: boolean
  /** Of a tool that asks a retriever: what a call asks of it, with a benchmark's options for the tool. Corpus coverage asks the same. */
  passageSearch?(options: Readonly<Record<string, unknown>>): PassageSearch
  /** A tool that needs passages or options returns the tool bound to them. */
  bind?(context: ToolContext): Tool<Input> | Promise<Tool<Input>>
  /** Of a bound tool: called once, when its trajectory has ended, however it ended. */
  dispose?(): void | Promise<void>
}

/** A tool as plugins may give it: also an AI SDK tool of any version, in whose types description and `execute` may be absent. */
export interface GivenTool extends Omit<Tool, "description" | "execute"> {
  description?: string | ((options: never) => string)
  // biome-ignore lint/suspicious/noExplicitAny: as in Tool
  execute?(input: any, options: ToolCallOptions): unknown
}

/** A plugin's tool as the contract has it: with a description that is a text, and empty where there is none. Throws what a description throws. */
export function readGivenTool(tool: GivenTool): Tool {
  if (typeof tool.description === "string") return tool as Tool
  const describe = tool.description as ((options: { context: object }) => string) | undefined
  const description = describe?.({ context: {} }) ?? ""
  return Object.assign(Object.create(Object.getPrototypeOf(tool) as object) as Tool, tool, { description })
}

/** A tool whose `execute` gets what its schema makes of the input. What comes back is a tool of the AI SDK too. */
export function defineTool<const S extends ToolSchema>(
  tool: Omit<Tool<ToolInput<S>>, "inputSchema"> & { inputSchema: S },
): Omit<Tool<ToolInput<S>>, "inputSchema" | "toModelOutput"> & { inputSchema: S } {
  return tool
}

/** A tool as an action format names it. */
export interface NamedTool {
  name: string
  /** Without an argument the text in the tag is a JSON object of all fields. */
  tag: { name: string; argument?: string }
  description: string
  /** JSON Schema of the input. */
  inputSchema: object
}

/** Validates the input, runs the tool, and never throws, except when the signal was aborted. */
export async function callTool(tool: Tool, input: unknown, options: ToolCallOptions): Promise<Observation> {
  try {
    const checked = await checkToolInput(tool, input)
    if (checked.issues) {
      const issues = checked.issues.map((issue) => `${issuePath(issue)}${issue.message}`).join("; ")
      return { text: `error: invalid input: ${issues}`, isError: true }
    }
    input = checked.value
    return await readToolOutput(await tool.execute(input, options), { ...options, tool, input })
  } catch (error) {
    options.abortSignal?.throwIfAborted()
    return { text: `error: ${errorMessage(error)}`, isError: true }
  }
}

function issuePath(issue: StandardSchemaV1.Issue): string {
  const path = (issue.path ?? []).map((part) => (typeof part === "object" ? part.key : part)).join(".")
  return path ? `${path}: ` : ""
}
