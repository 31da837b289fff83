/** A verdict with the step that it is on. */
import type { ViewerVerdict } from "./trajectories-page.ts"

export interface StepVerdict extends ViewerVerdict {
  step: number
}
