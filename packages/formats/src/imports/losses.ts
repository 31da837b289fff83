/** What is not kept, counted by name. */
import type { Losses } from "@swirl-ts/core"

export function addLosses(into: Losses, more: Losses | undefined): Losses {
  for (const [what, count] of Object.entries(more ?? {})) if (count > 0) into[what] = (into[what] ?? 0) + count
  return into
}

export const countLoss = (losses: Losses, what: string, count = 1): void => {
  addLosses(losses, { [what]: count })
}
