/** `expect` learns to speak of trajectories and steps as soon as this package is imported. */
import { type Assertion, expect } from "vitest"
import { type TrajectoryMatchers, trajectoryMatchers } from "./matchers.ts"
import type { Received } from "./task-run.ts"

type TrajectoryAssertion = Assertion & TrajectoryMatchers<void> & { not: Assertion & TrajectoryMatchers<void> }

// `ExpectStatic` alone has the same type parameters, none, in Vitest 3, 4 and 5.
declare module "vitest" {
  type ExpectStatic = (actual: Received | undefined, message?: string) => TrajectoryAssertion
}

expect.extend(trajectoryMatchers)

export { type TrajectoryMatchers, trajectoryMatchers } from "./matchers.ts"
export { type RunTaskOptions, runTask } from "./run-task.ts"
export { stepLines } from "./step-lines.ts"
export type { Received, TaskRun } from "./task-run.ts"
