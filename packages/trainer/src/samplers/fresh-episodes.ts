/**
 * Fresh episodes: whole trajectories of the live policy, tools run and all, `samples` a question. Every step is a row, and
 * carries the outcome of its episode; its judge's score and its gain in the gold answer where the algorithm wants them.
 */
import { type Episode, SwirlError, seedFrom, type TrainingContext, taskKey } from "@swirl-ts/core"
import { hasVariance } from "../advantages.ts"
import { episodeValues } from "../episode-values.ts"
import type { Row } from "../row.ts"
import { scoreEpisodes } from "../score-episodes.ts"
import type { StepValues } from "../step-values.ts"
import { type Questions, questionsOf } from "../tasks.ts"
import { trajectoryRows } from "../trajectory-rows.ts"
import type { Sampler } from "./sampler.ts"

export interface EpisodeOptions {
  /** Questions a batch. */
  tasks: number
  /** Episodes a question. */
  samples: number
  /** Times that questions whose episodes all score the same are replaced by others; default 0. */
  resample?: number
}

export interface EpisodeWishes {
  /** Whether the judge scores every step. */
  scored?: boolean
  /** Adds the gain of every step. */
  gains?(episodes: readonly Episode[], rows: readonly Row[]): Promise<Row[]>
}

export function freshEpisodes(context: TrainingContext, options: EpisodeOptions, wishes: EpisodeWishes = {}): Sampler {
  const questions = questionsOf(context)
  return {
    async sample(step) {
      const { episodes, asked, dropped, sampledTokens } = await drawEpisodes(context, questions, step, options)
      const bare = episodes.flatMap(rowsOf)
      const scored = wishes.scored ? await scoreEpisodes(context, episodes, bare) : bare
      const rows = wishes.gains ? await wishes.gains(episodes, scored) : scored
      const values = episodeValues(episodes, rows, { isJudged: wishes.scored ?? false })
      const resampled: StepValues = options.resample ? { askedTasks: asked, droppedTasks: dropped, sampledTokens } : {}
      return { rows, values: { ...values, ...resampled } }
    },
  }
}

/** Of `tasks` questions; with resampling, first of those whose episodes do not all score the same. */
async function drawEpisodes(
  context: TrainingContext,
  questions: Questions,
  step: number,
  { tasks: size, samples, resample = 0 }: EpisodeOptions,
): Promise<{ episodes: Episode[]; asked: number; dropped: number; sampledTokens: number }> {
  const count = questions.all.length
  const asked = new Set<number>()
  const kept: Episode[][] = []
  let sampledTokens = 0
  for (let attempt = 0; attempt <= resample; attempt++) {
    const wanted = Math.min(size, count) - kept.length
    const drawn = new Set(
      attempt === 0
        ? questions.draw(size, context.seed, step - 1)
        : questions
            .draw(count, seedFrom(context.seed, "resample", step), attempt)
            .filter((index) => !asked.has(index))
            .slice(0, wanted),
    )
    if (wanted <= 0 || drawn.size === 0) break
    for (const index of drawn) asked.add(index)
    const seed =
      attempt === 0 ? seedFrom(context.seed, "episodes", step) : seedFrom(context.seed, "episodes", step, attempt)
    const made = await context.rollouts!(
      [...drawn].map((index) => questions.all[index]!),
      samples,
      seed,
    )
    sampledTokens += tokensOf(made)
    const groups = [...Map.groupBy(made, taskKey).values()]
    if (resample === 0) return { episodes: groups.flat(), asked: asked.size, dropped: 0, sampledTokens }
    kept.push(...groups.filter((group) => hasVariance(group.map(({ outcome }) => outcome))))
  }
  return { episodes: kept.flat(), asked: asked.size, dropped: asked.size - kept.length, sampledTokens }
}

/** Sampled tokens of episodes. */
export const tokensOf = (episodes: readonly Episode[]): number =>
  episodes.flatMap(({ steps }) => steps).reduce((sum, { tokenIds = [] }) => sum + tokenIds.length, 0)

function rowsOf(episode: Episode): Row[] {
  return trajectoryRows(episode).map((row) => {
    if (row.logProbabilities.length !== row.tokenIds.length) {
      throw new SwirlError(
        `The fresh episode ${episode.id} has no log-probabilities at step ${row.step}: the engine's model does not return them. Use an engine whose model returns the ids that it sampled and how likely they were.`,
      )
    }
    return { ...row, outcome: episode.outcome }
  })
}
