/**
 * Rounds: states go stale as the policy learns, so each round begins with fresh episodes of it, filtered as the first were.
 * They are written down whole before a step is made on them: a training that was killed goes on with the same.
 */
import {
  RoundSchema,
  SwirlError,
  seedFrom,
  type TaskReference,
  type TrainingContext,
  type Trajectory,
  TrajectorySchema,
} from "@swirl-ts/core"
import { makeFolder, writeFileAtomic } from "@swirl-ts/kit"
import { existsSync, join } from "@swirl-ts/platform"
import { readDocument, readRecords, type Settings, writeDocument } from "@swirl-ts/store"
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
  /** Whether the step is the first of it: what was sampled for the round is counted there. */
  isFirstStep: boolean
}

type MadeRound = Omit<Round, "isFirstStep"> & { tokens?: number }

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
  const first: MadeRound = { number: 1, trajectories: context.trajectories, values: rounds > 1 ? { round: 1 } : {} }
  if (rounds === 1) return { of: async (step) => ({ ...first, isFirstStep: step === 1 }) }
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
        const trajectories = made.kept.length > 0 ? made.kept : newest.trajectories
        const values = { round: next, roundTrajectories: made.kept.length }
        newest = { number: next, trajectories, values, tokens: made.tokens }
      }
      const { tokens, ...round } = newest
      const isFirstStep = step === (number - 1) * steps + 1
      const values: StepValues = isFirstStep && tokens !== undefined ? { roundTokens: tokens } : {}
      return { ...round, isFirstStep, values: { ...round.values, ...values } }
    },
  }
}

/** What the filter kept of round `number`; generated only where it was not before. */
async function roundOf(
  context: TrainingContext,
  tasks: readonly TaskReference[],
  number: number,
  { episodes = 4 }: RoundOptions,
): Promise<{ kept: Trajectory[]; tokens?: number }> {
  const folder = join(context.directory, "rounds", String(number))
  const path = join(folder, "trajectories.jsonl")
  const kept: Trajectory[] = []
  if (!existsSync(path)) {
    const made = await context.rollouts!(tasks, episodes, seedFrom(context.seed, "round", number))
    const lines = (context.keep ? await context.keep(made) : made).map(({ outcome: _, ...trajectory }) => trajectory)
    await makeFolder(folder)
    const tokens = made.flatMap(({ steps }) => steps).reduce((sum, { tokenIds = [] }) => sum + tokenIds.length, 0)
    const counts = { round: number, episodes: made.length, kept: lines.length, tokens }
    await writeDocument(join(folder, "round.json"), { schema: "swirl.round/1", ...counts })
    await writeFileAtomic(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""))
  }
  for await (const trajectory of readRecords(path, TrajectorySchema)) kept.push(trajectory)
  // Of a round of before it was written nobody knows.
  return { kept, tokens: (await readDocument(join(folder, "round.json"), RoundSchema))?.tokens }
}
