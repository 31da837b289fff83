/** Signals that stop a command: the first asks to stop at the next place where nothing is lost, the second stops at once. */
import { SwirlError } from "@swirl-ts/core"

/** To be called once a process. */
export function abortOnSignals(): AbortSignal {
  const abort = new AbortController()
  const stop = (by: string, exitCode: number): void => {
    if (abort.signal.aborted) process.exit(exitCode)
    abort.abort(new SwirlError(`Stopped by ${by}. The same command continues where it stopped.`))
  }
  process.on("SIGINT", () => {
    stop("Ctrl-C", 130)
    process.stderr.write(
      "\nStopping: what is done is on disk; the same command continues. Ctrl-C again stops at once.\n",
    )
  })
  process.on("SIGTERM", () => stop("a signal", 143))
  return abort.signal
}
