/**
 * Rounds: states go stale as the policy learns, so each round begins with fresh episodes of it, filtered as the first were.
 * They are written down whole before a step is made on them: a training that was killed goes on with the same.
 */

import { existsSync } from "node:fs"
import { join } from "node:path"
import {
  SwirlError,
  seedFrom,
  type TaskReference,
  type TrainingContext,
  type Trajectory,
  TrajectorySchema,
} from "@swirl-ts/core"
import { makeFolder, writeFileAtomic } from "@swirl-ts/kit"
import { readRecords, type Settings } from "@swirl-ts/store"
import type { StepValues } from "../step-values.ts"

export interface RoundOptions {
  iterations: number
  /** Absent: one, the recorded trajectories. */
  rounds?: number
  /** Fresh episodes a task at the beginning of a later round; default 4. */
  episodes?: number
}

interface Round {
  /** From 1. */
  number: number
  trajectories: readonly Trajectory[]
  values: StepValues
}

export interface Rounds {
  /** The round of step `step`, from 1. */
  of(step: number): Promise<Round>
}

const roundSteps = ({ rounds = 1, iterations }: RoundOptions): number => Math.ceil(iterations / rounds)

/** What a training with rounds is registered by: with as many steps a round, more rounds go on with it. */
export const roundSpec = (options: RoundOptions): Settings =>
  options.rounds === undefined || options.rounds === 1 ? {} : { roundSteps: roundSteps(options) }

/** `context` has to give fresh episodes where there is more than one round. */
export function createRounds(context: TrainingContext, tasks: readonly TaskReference[], options: RoundOptions): Rounds {
  const { rounds = 1 } = options
  const first: Round = { number: 1, trajectories: context.trajectories, values: rounds > 1 ? { round: 1 } : {} }
  if (rounds === 1) return { of: async () => first }
  if (!context.rollouts) {
    throw new SwirlError(
      `${rounds} rounds need fresh episodes, and this training has none to give. Train where the benchmark and its tools are at hand (swirl train does), or leave rounds out.`,
      { kind: "usage" },
    )
  }
  const steps = roundSteps(options)
  let newest = first
  return {
    async of(step) {
      const number = Math.ceil(step / steps)
      // A training that goes on may begin in any round; where nothing was kept, the round before goes on.
      for (let next = newest.number + 1; next <= number; next++) {
        const made = await roundOf(context, tasks, next, options)
        const trajectories = made.length > 0 ? made : newest.trajectories
        newest = { number: next, trajectories, values: { round: next, roundTrajectories: made.length } }
      }
      return newest
    },
  }
}

/** What the filter kept of round `number`; generated only where it was not before. */
async function roundOf(
  context: TrainingContext,
  tasks: readonly TaskReference[],
  number: number,
  { episodes = 4 }: RoundOptions,
): Promise<Trajectory[]> {
  const folder = join(context.directory, "rounds", String(number))
  const path = join(folder, "trajectories.jsonl")
  const kept: Trajectory[] = []
  if (!existsSync(path)) {
    const made = await context.rollouts!(tasks, episodes, seedFrom(context.seed, "round", number))
    const lines = (context.keep ? await context.keep(made) : made).map(({ outcome: _, ...trajectory }) => trajectory)
    await makeFolder(folder)
    await writeFileAtomic(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""))
  }
  for await (const trajectory of readRecords(path, TrajectorySchema)) kept.push(trajectory)
  return kept
}
