/** The steps of a trajectory as rows: each recorded action at its state, token by token. */
import { type Trajectory, taskKey } from "@swirl-ts/core"
import { decompose, stateId } from "./decompose.ts"
import type { Row } from "./row.ts"

/** Steps that sampled nothing are none. log π is empty where it was not recorded. */
export const trajectoryRows = (trajectory: Trajectory): Row[] =>
  decompose(trajectory)
    .filter(({ tokenIds }) => tokenIds.length > 0)
    .map(({ step, promptTokenIds, tokenIds }) => {
      const { kind, finishReason, logProbabilities = [] } = trajectory.steps[step]!
      return {
        stateId: stateId(promptTokenIds),
        questionId: taskKey(trajectory),
        episodeId: trajectory.id,
        step,
        kind: finishReason === "length" ? "cut-off" : kind,
        promptTokenIds,
        tokenIds,
        logProbabilities,
      }
    })
