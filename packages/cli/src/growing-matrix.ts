/**
 * `matrix.json` while its experiment runs: after every evaluation that ended it holds what is there. One is made at a time,
 * and where that takes long there is a pause before the next one, so that the jobs do not wait for it.
 */
import { errorMessage, type Matrix } from "@swirl-ts/core"
import { collectMatrix, type Experiment, type ExperimentState } from "@swirl-ts/experiment"
import type { CommandContext } from "./context.ts"

export interface GrowingMatrix {
  /** To be called when an evaluation has ended; returns at once. */
  grow(): void
  /** The whole of it. */
  finish(): Promise<Matrix>
  /** Where it came to no end: writes what is not written yet. */
  end(): Promise<void>
}

/** Milliseconds that pass from one to the next, for each that one took: a twentieth of one core's time at most. */
const pauses = 19

/** `state` is asked each time. */
export function growingMatrix(
  context: CommandContext,
  experiment: Experiment,
  state: () => ExperimentState,
): GrowingMatrix {
  let isAsked = false
  let running: Promise<Matrix | undefined> | undefined
  let pause: { timer: NodeJS.Timeout } | undefined
  const write = (): void => {
    isAsked = false
    const started = performance.now()
    running = collectMatrix(context, experiment, state())
      .catch((error: unknown) => {
        context.say(`matrix.json could not be written yet: ${errorMessage(error)}`)
        return undefined
      })
      .finally(() => {
        running = undefined
        const timer = setTimeout(
          () => {
            pause = undefined
            if (isAsked) write()
          },
          pauses * (performance.now() - started),
        )
        pause = { timer: timer.unref() }
      })
  }
  return {
    grow() {
      isAsked = true
      if (!running && !pause) write()
    },
    async finish() {
      await running
      clearTimeout(pause?.timer)
      isAsked = false
      return collectMatrix(context, experiment, state())
    },
    async end() {
      await running
      clearTimeout(pause?.timer)
      if (isAsked) write()
      await running
      clearTimeout(pause?.timer)
    },
  }
}
