/**
 * States where there is something to learn: at each candidate a first sample of actions, fresh or as recorded, and of these
 * states those are kept whose share of good ones is between `minGood` and `maxGood`. What a policy always or never gets right has no gradient
 * (a group without variance). The shares stand in `rounds/<n>/states.jsonl` before a step is made: a resume goes by the same.
 */
import {
  type CandidateStateRecord,
  CandidateStateSchema,
  SwirlError,
  type TrainingContext,
  type Trajectory,
} from "@swirl-ts/core"
import { join } from "@swirl-ts/platform"
import { openRecordFile } from "@swirl-ts/store"
import type { State } from "../decompose.ts"
import { drawBatch } from "../draw-batch.ts"
import { type Group, sampleGroups } from "../groups.ts"
import { recordedGroups } from "../recorded-groups.ts"
import type { StepValues } from "../step-values.ts"

export interface DisagreementOptions {
  /** States sampled at together. */
  states: number
  /** Actions a state. */
  samples: number
  maxTokens: number
  minGood?: number
  maxGood?: number
  /** At most so many states are looked at; default: all. */
  candidates?: number
  /** Default: fresh. */
  shareOf?: "fresh" | "recorded"
}

export interface DisagreedStates {
  states: readonly State[]
  /** How many candidates there were, and why the others are left out. */
  values: StepValues
  /** Sampled to find out. */
  tokens: number
}

export const wantsDisagreement = ({ minGood, maxGood }: DisagreementOptions): boolean =>
  minGood !== undefined || maxGood !== undefined

/** `round`: from 1, `trajectories`: whose states they are. None of the states may be kept. */
export async function disagreedStates(
  context: TrainingContext,
  { states, trajectories }: { states: readonly State[]; trajectories: readonly Trajectory[] },
  round: number,
  options: DisagreementOptions,
): Promise<DisagreedStates> {
  const { minGood = 0, maxGood = 1 } = options
  const candidates = drawn(context, states, options)
  const records = await firstSamples(context, firstSample(context, { candidates, trajectories }, round, options), round)
  const counts = { statesTooGood: 0, statesTooBad: 0, statesUnscored: 0 }
  const kept = candidates.filter(({ id }) => {
    const { good } = records.get(id)!
    const why =
      good === undefined
        ? "statesUnscored"
        : good > maxGood
          ? "statesTooGood"
          : good < minGood
            ? "statesTooBad"
            : undefined
    if (why) counts[why]++
    return why === undefined
  })
  const total = kept.reduce((sum, { weight }) => sum + weight, 0)
  const values = { candidateStates: candidates.length, learnableStates: kept.length, ...counts }
  context.log?.(
    `round ${round}: ${kept.length} of ${candidates.length} states have a share of good actions from ${minGood} to ${maxGood}; ${counts.statesTooGood} above, ${counts.statesTooBad} below, ${counts.statesUnscored} without two scored actions`,
  )
  return {
    states: kept.map((state) => ({ ...state, weight: state.weight / total })),
    values,
    tokens: [...records.values()].reduce((sum, { tokens }) => sum + tokens, 0),
  }
}

/** Of a first round: what can be done about it. */
export const nothingToLearn = ({ values }: DisagreedStates): SwirlError =>
  new SwirlError(
    `None of the ${values.candidateStates} candidate states has a share of good actions between minGood and maxGood: ${values.statesTooGood} are above, ${values.statesTooBad} below, ${values.statesUnscored} without two scored actions. Widen the band, or generate trajectories of harder or easier questions.`,
    { kind: "usage" },
  )

/** By weight, each once, in the order of the states. */
function drawn({ seed }: TrainingContext, states: readonly State[], { candidates }: DisagreementOptions): State[] {
  if (candidates === undefined || candidates >= states.length) return [...states]
  const weights = states.map(({ weight }) => weight)
  const chosen = new Set<number>()
  for (let batch = 0; chosen.size < candidates; batch++)
    for (const index of drawBatch(weights, candidates, seed, batch)) {
      if (chosen.size < candidates) chosen.add(index)
    }
  return states.filter((_, index) => chosen.has(index))
}

interface FirstSample {
  candidates: readonly State[]
  /** Candidates looked at together. */
  size: number
  of(batch: readonly State[]): Promise<CandidateStateRecord[]>
}

const firstSample = (
  context: TrainingContext,
  { candidates, trajectories }: { candidates: readonly State[]; trajectories: readonly Trajectory[] },
  round: number,
  options: DisagreementOptions,
): FirstSample =>
  options.shareOf === "recorded"
    ? {
        candidates,
        size: candidates.length,
        of: async (batch) => (await recordedGroups(context, batch, trajectories)).map(recordOfRecorded),
      }
    : {
        candidates,
        size: options.states,
        of: async (batch) => (await sampleGroups(context, batch, -round, options)).map(recordOf),
      }

/** By state; sampled only where it was not before, in the same batches, so that the same ids come of it. */
async function firstSamples(
  context: TrainingContext,
  { candidates, size, of }: FirstSample,
  round: number,
): Promise<ReadonlyMap<string, CandidateStateRecord>> {
  const records = new Map<string, CandidateStateRecord>()
  const path = join(context.directory, "rounds", String(round), "states.jsonl")
  const file = await openRecordFile(path, CandidateStateSchema, { mode: "block" })
  try {
    for (let start = 0; start < candidates.length; start += size) {
      context.abortSignal?.throwIfAborted()
      const batch = candidates.slice(start, start + size)
      if (!batch.every(({ id }) => file.has(id))) for (const record of await of(batch)) await file.append(record)
      await file.commit()
      for (const { id } of batch) records.set(id, (await file.get(id))!)
    }
  } finally {
    await file.close()
  }
  return records
}

function recordOf({ state, actions }: Group): CandidateStateRecord {
  const rewards = actions.flatMap(({ reward }) => reward ?? [])
  return {
    schema: "swirl.candidate-state/1",
    id: state.id,
    trajectoryId: state.trajectory.id,
    step: state.step,
    samples: actions.length,
    scored: rewards.length,
    good: rewards.length < 2 ? undefined : rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length,
    tokens: actions.reduce((sum, { tokenIds }) => sum + tokenIds.length, 0),
  }
}

/** No token was sampled for it. */
const recordOfRecorded = (group: Group): CandidateStateRecord => ({ ...recordOf(group), tokens: 0 })
