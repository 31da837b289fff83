/**
 * Keeps a trajectory that came to an answer in few steps, none of which is bad and no call of which failed. A step without
 * a verdict is not good: such a trajectory is dropped, and `swirl filter` counts it as unscored.
 */
import type { Filter } from "@swirl-ts/core"

const MOST_STEPS = 6

export const concise: Filter = {
  description: `keeps a trajectory of at most ${MOST_STEPS} good steps that ends with an answer and has no failed call`,
  needs: ["process"],
  keep({ trajectory: { steps, status }, verdicts }) {
    return (
      status === "answered" &&
      steps.length <= MOST_STEPS &&
      steps.every((step, index) => verdicts[index]?.verdict === "good" && !step.observation?.isError)
    )
  },
}
