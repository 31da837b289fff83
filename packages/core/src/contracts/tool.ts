/**
 * The Tool contract: structurally an AI SDK tool, so tools of `ai`, MCP tools and any Standard Schema validator fit.
 * Whatever a tool does, the loop goes on: an error is an observation.
 */
import type { StandardSchemaV1 } from "@standard-schema/spec"
import { errorMessage } from "../errors.ts"
import type { Corpus } from "./corpus.ts"
import type { ToolServices } from "./retriever.ts"

/** What a tool may be bound to for one task: the benchmark's passages, its options for this tool, and the house's services. */
export interface ToolContext extends Partial<ToolServices> {
  corpus?: Corpus
  options: Readonly<Record<string, unknown>>
  /** Ends the binding, e.g. the building of an index. */
  abortSignal?: AbortSignal
}

export interface ToolCallOptions {
  toolCallId: string
  messages: readonly unknown[]
  abortSignal?: AbortSignal
}

// biome-ignore lint/suspicious/noExplicitAny: the AI SDK's own seam: the input type belongs to the tool's schema
export interface Tool<Input = any> {
  description: string
  inputSchema: StandardSchemaV1<unknown, Input> | { jsonSchema: unknown; validate?: unknown }
  execute(input: Input, options: ToolCallOptions): unknown
  /** The `tags` action format's tag and the input field it fills; default: the tool's name and its only field. */
  tag?: { name: string; argument: string }
  /** A tool that needs passages or options returns the tool bound to them. */
  bind?(context: ToolContext): Tool<Input> | Promise<Tool<Input>>
}

/** A tool as an action format names it. */
export interface NamedTool {
  name: string
  tag: { name: string; argument: string }
  description: string
  /** JSON Schema of the input. */
  inputSchema: object
}

export interface Observation {
  text: string
  isError: boolean
  /** The tool worked and has nothing (new) to show, so what it says is no result: a judge may not take it for one. */
  nothingFound?: boolean
}

/**
 * The text of a tool's result. `{ isError: true, output }` (MCP's convention) is a tool error, `{ nothingFound: true, output }`
 * one that has nothing to show; other objects are shown as JSON.
 */
export function readToolOutput(output: unknown): Observation {
  if (typeof output === "string") return { text: output, isError: false }
  if (typeof output !== "object" || output === null) return { text: String(output), isError: false }
  const { isError, nothingFound, content, output: inner } = output as Record<string, unknown>
  const text = Array.isArray(content)
    ? content.map((part) => (part as { text?: unknown }).text ?? JSON.stringify(part)).join("\n")
    : typeof inner === "string"
      ? inner
      : typeof content === "string"
        ? content
        : JSON.stringify(inner ?? output)
  return { text, isError: isError === true, nothingFound: nothingFound === true || undefined }
}

/** Validates the input, runs the tool, and never throws, except when the signal was aborted. */
export async function callTool(tool: Tool, input: unknown, options: ToolCallOptions): Promise<Observation> {
  const schema = tool.inputSchema
  try {
    if ("~standard" in schema) {
      const checked = await schema["~standard"].validate(input)
      if (checked.issues) {
        const issues = checked.issues.map((issue) => `${issuePath(issue)}${issue.message}`).join("; ")
        return { text: `error: invalid input: ${issues}`, isError: true }
      }
      input = checked.value
    }
    return readToolOutput(await tool.execute(input, options))
  } catch (error) {
    options.abortSignal?.throwIfAborted()
    return { text: `error: ${errorMessage(error)}`, isError: true }
  }
}

function issuePath(issue: StandardSchemaV1.Issue): string {
  const path = (issue.path ?? []).map((part) => (typeof part === "object" ? part.key : part)).join(".")
  return path ? `${path}: ` : ""
}
