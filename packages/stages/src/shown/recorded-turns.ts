/** What recorded steps added to their conversation, as the action format writes it: with the prompt, what the model saw. */
import type { ActionFormat, Prompt, Registry, Trajectory } from "@swirl-ts/core"
import { stepTurns } from "@swirl-ts/runner"
import { openFormat } from "../open-format.ts"

/** Undefined for trajectories of a format that is not loaded. */
export function recordedTurns(registry: Registry): (trajectory: Trajectory) => Prompt[] | undefined {
  const formats = new Map<string, ActionFormat | undefined>()
  return ({ actionFormat, steps }) => {
    if (!formats.has(actionFormat))
      formats.set(
        actionFormat,
        registry.has("actionFormats", actionFormat) ? openFormat(registry, actionFormat) : undefined,
      )
    const format = formats.get(actionFormat)
    return format && steps.map((step) => stepTurns(step, format))
  }
}
