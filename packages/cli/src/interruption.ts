/**
 * What ends a command before its end, with its exit code; and signals: the first stops where nothing is lost, the second at
 * once. What does not listen is left after a while: files are whole at any moment, as after a kill.
 */
import { errorMessage, SwirlError } from "@swirl-ts/core"

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

/** Milliseconds. */
const patience = 10_000

/** Aborts, and sees to it that the process ends even where nobody listens. */
export function interrupt(abort: AbortController, interruption: Interruption): void {
  abort.abort(interruption)
  setTimeout(() => lastWord(abort.signal), patience).unref()
}

/** Ends the process by what it was interrupted by. */
export function lastWord({ reason }: AbortSignal): never {
  process.stderr.write(`${errorMessage(reason)} What did not end by itself was left as it stood.\n`)
  return exit(reason instanceof Interruption ? reason.exitCode : 1)
}

/** To be called once a process. */
export function abortOnSignals(abort: AbortController): void {
  const stop = (by: string, exitCode: number): void => {
    if (abort.signal.aborted) exit(exitCode)
    interrupt(abort, new Interruption(`Stopped by ${by}. The same command continues where it stopped.`, exitCode))
  }
  process.on("SIGINT", () => {
    stop("Ctrl-C", 130)
    process.stderr.write(
      "\nStopping: what is done is on disk, requests under way have 5 s to end, and the same command continues. Ctrl-C again stops at once.\n",
    )
  })
  process.on("SIGTERM", () => stop("a signal", 143))
}
