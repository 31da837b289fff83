/**
 * What a tool returned, as the text that the model sees: whatever it is, nothing of it is lost without a word.
 * Only MCP's own shape and our two conventions are unpacked; any other object is shown whole, as JSON.
 */
import { errorMessage } from "../errors.ts"
import { bytesText } from "../tool-output/bytes-text.ts"
import { asMcpResult, mcpText } from "../tool-output/mcp-result.ts"
import { modelOutput } from "../tool-output/model-output.ts"
import { valueText } from "../tool-output/value-text.ts"

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
 * In this order: the last value of an async iterable or a generator (streaming tools), an `Error`, the tool's own
 * `toModelOutput`, an HTTP `Response` (not ok is an error), MCP's result, `{ isError: true, output }` (a tool error) and
 * `{ nothingFound: true, output }`, a text as it is, anything else as JSON. May throw what a stream or `toModelOutput` throws.
 */
export async function readToolOutput(output: unknown, call: ToolOutputContext = {}): Promise<Observation> {
  const { tool, input, toolCallId = "", abortSignal } = call
  const value = isStream(output) ? await lastValue(output, abortSignal) : output
  if (value instanceof Error) return { text: `error: ${errorMessage(value)}`, isError: true }
  const { isError, nothingFound } = flags(value)
  if (tool?.toModelOutput) {
    const toModelOutput = tool.toModelOutput.bind(tool)
    const said = await modelOutput(toModelOutput, { toolCallId, input, output: value })
    if (said) return { text: said.text, isError: said.isError || isError, nothingFound }
  }
  if (isResponse(value)) return readResponse(value)
  const mcp = asMcpResult(value)
  return { text: mcp ? mcpText(mcp) : shown(unpacked(value)), isError, nothingFound }
}

/** What any object may say of itself. */
function flags(value: unknown): { isError: boolean; nothingFound: true | undefined } {
  const { isError, nothingFound } = (typeof value === "object" && value !== null ? value : {}) as Record<
    string,
    unknown
  >
  return { isError: isError === true, nothingFound: nothingFound === true || undefined }
}

/** The `output` of our conventions, where nothing else stands beside it. */
function unpacked(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("output" in value)) return value
  const others = Object.keys(value).filter((key) => key !== "output")
  const known = others.every((key) => key === "isError" || key === "nothingFound")
  return others.length > 0 && known ? value.output : value
}

/** A text as it is; what would be a JSON text is shown without its quotes, e.g. a date. */
function shown(value: unknown): string {
  if (typeof value === "string") return value
  if (value === undefined || typeof value === "number") return String(value)
  const text = valueText(value)
  return text.startsWith('"') ? (JSON.parse(text) as string) : text
}

type Stream = AsyncIterable<unknown> | Iterable<unknown>

/** An async iterable, or what a generator function returned. */
function isStream(value: unknown): value is Stream {
  if (typeof value !== "object" || value === null) return false
  return Symbol.asyncIterator in value || (Symbol.iterator in value && "next" in value && "throw" in value)
}

/** The pieces of a byte or text stream belong together; otherwise the last value counts, as in the AI SDK. */
async function lastValue(stream: Stream, abortSignal?: AbortSignal): Promise<unknown> {
  const inPieces = "getReader" in stream || "pipe" in stream
  const pieces: unknown[] = []
  let count = 0
  for await (const value of stream) {
    abortSignal?.throwIfAborted()
    if (!inPieces) pieces.length = 0
    pieces.push(value)
    // Timers get their turn, or a stream without an end could never be ended.
    if (++count % 1000 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  if (!inPieces) return pieces[0]
  if (pieces.every((piece) => typeof piece === "string")) return pieces.join("")
  return pieces.every((piece) => piece instanceof Uint8Array) ? Buffer.concat(pieces) : pieces.at(-1)
}

/** Of any implementation of `fetch`. */
type ResponseLike = Pick<Response, "ok" | "status" | "statusText" | "bodyUsed" | "arrayBuffer" | "headers">

function isResponse(value: unknown): value is ResponseLike {
  const { ok, status, arrayBuffer, headers } = (value ?? {}) as Partial<ResponseLike>
  return typeof ok === "boolean" && typeof status === "number" && typeof arrayBuffer === "function" && Boolean(headers)
}

async function readResponse(response: ResponseLike): Promise<Observation> {
  const { ok, status, statusText, bodyUsed } = response
  const line = `HTTP ${status}${statusText === "" ? "" : ` ${statusText}`}`
  if (bodyUsed) return { text: `${line}, its body was read before`, isError: !ok }
  const text = bytesText(await response.arrayBuffer(), response.headers.get("content-type") ?? undefined)
  if (!ok) return { text: `error: ${line}${text === "" ? "" : `: ${text}`}`, isError: true }
  return { text, isError: false }
}
