/** Calls that failed, a line a tool: `ask: 3 errors in 6 calls: 2 x no connection · 1 x not found`. */
import type { ToolUse } from "@swirl-ts/core"
import { counted } from "@swirl-ts/kit"

export function toolErrors(tools: Readonly<Record<string, ToolUse>>): string[] {
  return Object.entries(tools)
    .filter(([, { errors }]) => errors > 0)
    .map(([name, { calls, errors, reasons }]) => {
      const told = Object.entries(reasons).map(([reason, count]) => `${count} x ${reason}`)
      const rest = errors - Object.values(reasons).reduce((sum, count) => sum + count, 0)
      if (rest > 0) told.push(`${rest} x other reasons`)
      return `${name}: ${counted(errors, "error")} in ${counted(calls, "call")}: ${told.join(" · ")}`
    })
}
