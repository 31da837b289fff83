/**
 * Loading what others wrote. An import or a factory has a minute, ends with the command, and is told where the process has
 * nothing left to do but wait for it: it always ends, and by an error that whoever asked for it can put a name to.
 */
import { workAs } from "@swirl-ts/core"
import { inTime } from "@swirl-ts/kit"

const waiting = new Set<(reason: Error) => void>()

export interface Loading {
  /** For sentences: `the plugin ./mine.ts`. */
  whose: string
  /** What of it: `import`, `factory`. */
  what: string
  abortSignal?: AbortSignal
  /** Default: a minute. */
  seconds?: number
}

export async function inLoadingTime<T>(
  { whose, what, abortSignal, seconds = 60 }: Loading,
  load: () => T | PromiseLike<T>,
): Promise<T> {
  const { promise: inVain, reject } = Promise.withResolvers<never>()
  waiting.add(reject)
  try {
    return await inTime(() => Promise.race([workAs(`the ${what} of ${whose}`, load), inVain]), {
      milliseconds: 1000 * seconds,
      late: `its ${what} did not end within ${seconds} s`,
      abortSignal,
      grace: 0,
      keepsAlive: false,
    })
  } finally {
    waiting.delete(reject)
  }
}

/** For a process that has nothing left to do: ends what is being loaded. False where nothing is. */
export function endLoading(): boolean {
  for (const reject of waiting)
    reject(new Error("it waits for something that never comes, such as a promise that nothing settles"))
  return waiting.size > 0
}
