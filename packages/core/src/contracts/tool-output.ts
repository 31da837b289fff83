/** What a tool returned, as the text that the model sees. */

export interface Observation {
  text: string
  isError: boolean
  /** The tool worked and has nothing (new) to show, so what it says is no result: a judge may not take it for one. */
  nothingFound?: boolean
}

/** The call whose output is read. */
export interface ToolOutputContext {
  tool?: { toModelOutput?(output: never): unknown }
  input?: unknown
  toolCallId?: string
  abortSignal?: AbortSignal
}

/**
 * The text of a tool's result. `{ isError: true, output }` (MCP's convention) is a tool error, `{ nothingFound: true, output }`
 * one that has nothing to show; other objects are shown as JSON.
 */
export async function readToolOutput(output: unknown, _call: ToolOutputContext = {}): Promise<Observation> {
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
