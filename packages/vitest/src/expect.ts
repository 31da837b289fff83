/**
 * Vitest's own `expect`, which has the matchers as soon as this package is imported, and says so by its type. It is a type of
 * its own, not one that is added to Vitest's: those have other type parameters in each of its versions.
 */
import { type Assertion, expect as ofVitest } from "vitest"
import { type TrajectoryMatchers, trajectoryMatchers } from "./matchers.ts"
import type { Received } from "./task-run.ts"

export type TrajectoryAssertion = Assertion & TrajectoryMatchers<void> & { not: Assertion & TrajectoryMatchers<void> }

export type TrajectoryExpect = ((actual: Received | undefined, message?: string) => TrajectoryAssertion) &
  typeof ofVitest

ofVitest.extend(trajectoryMatchers)

export const expect = ofVitest as TrajectoryExpect
