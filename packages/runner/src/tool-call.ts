/**
 * One call of a tool within its limits. A call that is late is an error observation and a long result is cut, so that the loop
 * goes on whatever a tool does; an abort does not wait for a tool that ignores it.
 */
import {
  callTool,
  defaultToolLimits,
  errorMessage,
  type Observation,
  type Tool,
  type ToolCallOptions,
  type ToolLimits,
  workAs,
} from "@swirl-ts/core"
import { inTime, type Limiter } from "@swirl-ts/kit"

/** Milliseconds that a tool has for an end of its own after an abort. */
export const grace = 2000

export interface ToolCallSettings extends ToolLimits {
  /** `own/convert`, for what is said of it; default: the name the model sees. */
  fullName?: string
  /** Shares places with the calls of others; the time that a call waits for its place is none of its own. */
  limited?: Limiter
}

export interface LimitedCallOptions extends ToolCallOptions, ToolCallSettings {
  /** The name the model sees. */
  name: string
  taskId?: string
}

/** Never throws, except by an abort. */
export async function callWithinLimits(tool: Tool, input: unknown, options: LimitedCallOptions): Promise<Observation> {
  const { name, fullName = name, taskId, timeout, observationLimit, limited = atOnce, ...call } = options
  const { abortSignal } = call
  const seconds = timeout ?? defaultToolLimits.timeout
  const label = `the tool ${fullName}${taskId === undefined ? "" : ` (task ${taskId})`}`
  try {
    const { text, ...observation } = await limited(() =>
      inTime((signal) => workAs(label, () => callTool(tool, input, { ...call, abortSignal: signal })), {
        milliseconds: 1000 * seconds,
        late: `the tool ${name} did not end within ${seconds} s, so its call was given up`,
        abortSignal,
        grace,
      }),
    )
    return { text: cutText(text, observationLimit ?? defaultToolLimits.observationLimit), ...observation }
  } catch (error) {
    abortSignal?.throwIfAborted()
    return { text: `error: ${errorMessage(error)}`, isError: true }
  }
}

const atOnce: Limiter = (call) => call()

/** The first `limit` characters, never half of a pair, and a sentence that says how much is missing. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text
  const kept = /[\uD800-\uDBFF]$/.test(text.slice(limit - 1, limit)) ? limit - 1 : limit
  const [missing, all] = [text.length - kept, text.length].map((count) => count.toLocaleString("en-US"))
  return `${text.slice(0, kept)}\n[The result is cut here: ${missing} of ${all} characters are missing.]`
}

/** By tool, what is not the default; undefined where everything is. */
export function changedLimits(
  limits: Readonly<Record<string, ToolLimits>> = {},
): Record<string, ToolLimits> | undefined {
  const changed = Object.entries(limits).flatMap(([name, given]) => {
    const own = (["timeout", "observationLimit"] as const).flatMap((limit) =>
      given[limit] === undefined || given[limit] === defaultToolLimits[limit] ? [] : [[limit, given[limit]] as const],
    )
    return own.length > 0 ? [[name, Object.fromEntries(own)] as const] : []
  })
  return changed.length > 0 ? Object.fromEntries(changed) : undefined
}
