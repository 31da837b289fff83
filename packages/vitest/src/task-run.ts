/** What a test looks at: one task as it was run, a recorded trajectory, or one step of either. */
import type { EvalSample, Metrics, Step, Trajectory, VerdictRecord } from "@swirl-ts/core"

export interface TaskRun {
  trajectory: Trajectory
  steps: Step[]
  answer?: string
  status: Trajectory["status"]
  /** Of the benchmark; empty where there is nothing to score by. */
  metrics: Metrics
  primaryMetric?: string
  /** `scored`, `limit`, `error` or `unscored`, with the reason in `sample.error`. */
  sample: EvalSample
  /** One a step, where a judge was asked. */
  verdicts: VerdictRecord[]
}

export type Received = TaskRun | Trajectory | Step

/** What is known of the received value; absent what it cannot say. */
export interface Looked {
  steps: readonly Step[]
  trajectory?: Trajectory
  run?: TaskRun
}

/** Throws a TypeError that says what is wanted, where it is none of these. */
export function lookAt(received: unknown, matcher: string): Looked {
  if (isRun(received)) return { steps: received.trajectory.steps, trajectory: received.trajectory, run: received }
  if (isTrajectory(received)) return { steps: received.steps, trajectory: received }
  if (isStep(received)) return { steps: [received] }
  throw new TypeError(
    `${matcher} looks at what runTask gives, at a trajectory, or at one of its steps; it was given ${shown(received)}.`,
  )
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null

const isRun = (value: unknown): value is TaskRun => isObject(value) && isTrajectory(value.trajectory)

const isTrajectory = (value: unknown): value is Trajectory =>
  isObject(value) && Array.isArray(value.steps) && typeof value.status === "string" && value.trajectory === undefined

const isStep = (value: unknown): value is Step =>
  isObject(value) && typeof value.index === "number" && typeof value.kind === "string" && typeof value.text === "string"

function shown(value: unknown): string {
  if (value instanceof Promise) return "a promise: await it first"
  return value === null ? "null" : Array.isArray(value) ? "a list" : `a value of type ${typeof value}`
}
