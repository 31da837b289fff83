/** What ends a command before its end, with its exit code; and signals: the first stops where nothing is lost, the second at once. */
import { SwirlError } from "@swirl-ts/core"

/** The process' own way out: for others `process.exit` is an accident. */
export const exit = process.exit.bind(process)

/** As the reason of an abort it says how the process ends, whatever else is thrown on the way. */
export class Interruption extends SwirlError {
  readonly exitCode: number

  constructor(message: string, exitCode: number, cause?: unknown) {
    super(message, { cause })
    this.exitCode = exitCode
  }
}

/** The interruption that a signal was aborted by. */
export const interruptionOf = ({ reason }: AbortSignal): Interruption | undefined =>
  reason instanceof Interruption ? reason : undefined

/** To be called once a process. */
export function abortOnSignals(abort: AbortController): void {
  const stop = (by: string, exitCode: number): void => {
    if (abort.signal.aborted) exit(exitCode)
    abort.abort(new Interruption(`Stopped by ${by}. The same command continues where it stopped.`, exitCode))
  }
  process.on("SIGINT", () => {
    stop("Ctrl-C", 130)
    process.stderr.write(
      "\nStopping: what is done is on disk; the same command continues. Ctrl-C again stops at once.\n",
    )
  })
  process.on("SIGTERM", () => stop("a signal", 143))
}
