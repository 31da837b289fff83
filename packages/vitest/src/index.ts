/** `expect` learns to speak of trajectories and steps as soon as this package is imported. */
import { expect } from "vitest"
import { type TrajectoryMatchers, trajectoryMatchers } from "./matchers.ts"

declare module "vitest" {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown>
    extends TrajectoryMatchers<R> {}
}

expect.extend(trajectoryMatchers)

export { type TrajectoryMatchers, trajectoryMatchers } from "./matchers.ts"
export { type RunTaskOptions, runTask } from "./run-task.ts"
export { stepLines } from "./step-lines.ts"
export type { Received, TaskRun } from "./task-run.ts"
