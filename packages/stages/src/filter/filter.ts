/** Filtering: which of a run folder's trajectories are kept for training, as a selection that `train` follows. */
import type { FilterRecord, Trajectory } from "@swirl-ts/core"
import { openRun, type Run } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import {
  type Identities,
  identitiesOf,
  type JudgeOptions,
  type OpenJudge,
  type OpenOutcomeJudge,
  openJudge,
  openOutcomeJudge,
} from "../judge/open-judge.ts"
import { judgeOutcomes } from "../judge/outcomes.ts"
import { readTrajectories } from "../trajectories.ts"
import { readMaterial } from "./material.ts"
import { select } from "./select.ts"
import { writeSelection } from "./selection-files.ts"
import { finalAnswers } from "./trajectory-tasks.ts"

/** Names the official score where an outcome judge is asked for. */
export const officialScore = "official"

export interface FilterRequest {
  strategy: string
  judge: string
  judgeOptions?: JudgeOptions
  /** Whose verdict on the final answer is the outcome, in place of the official score. */
  outcomeJudge?: string
  outcomeOptions?: JudgeOptions
}

export interface FilterStageResult extends FilterRecord {
  file: string
}

/** Writes the selection into the run folder's `filters/`; answers that an outcome judge has not judged are judged first. */
export async function filter(context: StageContext, request: FilterRequest): Promise<FilterStageResult> {
  const judge = openJudge(context, request.judge, request.judgeOptions)
  try {
    return await filterWith(context, await readTrajectories(context.directory), request, judge)
  } finally {
    await judge.close()
  }
}

/** `run`: the open run folder, where the caller holds its lock. */
export async function filterWith(
  context: StageContext,
  trajectories: readonly Trajectory[],
  request: FilterRequest,
  judge: OpenJudge,
  run?: Run,
): Promise<FilterStageResult> {
  const { registry, directory } = context
  const { value } = registry.resolve("filters", request.strategy)
  const outcomeJudge =
    (request.outcomeJudge ?? officialScore) !== officialScore && value.needs.includes("outcome")
      ? openOutcomeJudge(context, request.outcomeJudge!, request.outcomeOptions)
      : undefined
  try {
    const outcomeIdentities = outcomeJudge && (await judgeAnswers(context, trajectories, outcomeJudge, run))
    const material = await readMaterial({ directory, trajectories }, value, judge, outcomeIdentities)
    const record = await select(context, material, value, request)
    return { ...record, file: await writeSelection(registry, directory, record) }
  } finally {
    await outcomeJudge?.close()
  }
}

/** Has every answer of the run folder judged, where that has not been done; returns the judge's identities. */
async function judgeAnswers(
  context: StageContext,
  trajectories: readonly Trajectory[],
  outcomeJudge: OpenOutcomeJudge,
  held?: Run,
): Promise<Identities> {
  const { directory } = context
  const run = held ?? (await openRun(directory))
  try {
    const answers = await finalAnswers(context, directory, trajectories)
    await judgeOutcomes(context, run, outcomeJudge, answers)
    return await identitiesOf(outcomeJudge, answers)
  } finally {
    if (run !== held) await run.close()
  }
}
