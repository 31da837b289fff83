/**
 * How the tools of trajectories fared, counted from their steps alone: whoever reads the same records counts the same, a run
 * that was resumed as one that was not.
 */
import { countReason, firstLine, type Reasons } from "./reasons.ts"
import type { Trajectory } from "./records.ts"

export interface ToolUse {
  calls: number
  /** Calls that were answered with an error: the input was wrong, the tool failed, or it was late. */
  errors: number
  /** The most frequent first lines of those answers, with how often. */
  reasons: Reasons
}

export interface ToolTally {
  add(trajectory: Pick<Trajectory, "steps">): void
  /** By the name the model called it, in the order of names. */
  uses(): Record<string, ToolUse>
  /** The same, with what it sums up to. */
  summary(): ToolSummary
}

export interface ToolSummary {
  toolCalls: number
  /** Calls that were answered with an error. */
  toolErrors: number
  /** The same by tool, with the most frequent reasons. */
  tools: Record<string, ToolUse>
}

/** Reasons a tool that are told, and characters of each. */
const most = 5
const longest = 200

export function toolTally(): ToolTally {
  const tools = new Map<string, ToolUse>()
  const uses: ToolTally["uses"] = () =>
    Object.fromEntries(
      [...tools]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, use]) => [name, { ...use, reasons: mostFrequent(use.reasons) }]),
    )
  const sum = (of: "calls" | "errors"): number => [...tools.values()].reduce((total, use) => total + use[of], 0)
  return {
    add({ steps }) {
      for (const { call, observation } of steps) {
        if (!call) continue
        const use = tools.get(call.tool) ?? { calls: 0, errors: 0, reasons: {} }
        tools.set(call.tool, use)
        use.calls++
        if (!observation?.isError) continue
        use.errors++
        countReason(use.reasons, shortened(firstLine(observation.text).replace(/^error: /, "")))
      }
    },
    uses,
    summary: () => ({ toolCalls: sum("calls"), toolErrors: sum("errors"), tools: uses() }),
  }
}

const shortened = (text: string): string =>
  text.length > longest ? `${text.slice(0, longest - 1).toWellFormed()}…` : text

/** Whatever order they came in. */
function mostFrequent(reasons: Reasons): Reasons {
  const sorted = Object.entries(reasons).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  return Object.fromEntries(sorted.slice(0, most))
}
