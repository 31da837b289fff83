/** What `swirl train` may set, with defaults. An option that does not exist is wrong usage, and the sentence names it. */
import { SwirlError, suggestion } from "@swirl-ts/core"

const defaults = {
  iterations: 20,
  /** Recorded states an update. */
  states: 16,
  /** Fresh actions a state; fewer than two have no baseline. */
  samples: 4,
  learningRate: 0.0003,
}
export type Options = typeof defaults

export function readOptions(given: Readonly<Record<string, unknown>>): Options {
  for (const [name, value] of Object.entries(given)) {
    if (!(name in defaults)) refuse(`has no option "${name}".${suggestion(name, Object.keys(defaults))}`)
    if (typeof value !== "number" || !(value > 0)) refuse(`takes a number above 0 for ${name}, not ${value}.`)
  }
  return { ...defaults, ...given }
}

function refuse(what: string): never {
  throw new SwirlError(`The algorithm reinforce ${what}`, { kind: "usage" })
}
