/** Code of others that lets go of what it opened. Invariant: it is over after its time, and what went wrong is said and changes nothing else. */
import { errorMessage, type Host, workAs } from "@swirl-ts/core"
import { inTime } from "./in-time.ts"

export interface LetGoOptions {
  what: "close" | "dispose"
  /** For sentences: `the plugin own`. */
  whose: string
  host?: Pick<Host, "log">
  /** Default: 5. */
  seconds?: number
}

/** Never throws. */
export async function letGo(work: () => unknown, { what, whose, host, seconds = 5 }: LetGoOptions): Promise<void> {
  try {
    await inTime(() => workAs(`${what} of ${whose}`, work), {
      milliseconds: 1000 * seconds,
      late: `it did not end within ${seconds} s`,
    })
  } catch (error) {
    host?.log(`${whose[0]!.toUpperCase()}${whose.slice(1)} could not be ${what}d: ${errorMessage(error)}`)
  }
}
