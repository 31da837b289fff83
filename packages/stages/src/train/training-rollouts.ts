/**
 * Fresh episodes that an algorithm trains on: the engine's live weights through the runner, tools run and all, with the
 * benchmark's own score. Nothing is kept between two calls, so the same weights and seed give the same episodes again.
 */
import {
  applyFilter,
  type Engine,
  type Episode,
  errorMessage,
  type ToolServices,
  type TrainingContext,
  type Trajectory,
  taskKey,
  whoseIs,
} from "@swirl-ts/core"
import { rollout, scoreInTime } from "@swirl-ts/runner"
import { policySlug } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import type { FilterRequest } from "../filter/filter.ts"
import { namedKeep } from "../filter/select.ts"
import { judgeTrajectory } from "../judge/judge-all.ts"
import type { OpenJudge } from "../judge/open-judge.ts"
import type { SiblingSets } from "../judge/siblings.ts"
import { rolloutSettings } from "../rollouts.ts"
import type { RoundOutcomes } from "./round-outcomes.ts"
import type { LimitsOf } from "./source-limits.ts"
import type { PromptingOf } from "./source-promptings.ts"
import type { TrainedTask, TrainedTasks } from "./trained-tasks.ts"

const policy = policySlug("training", { identity: "training" })
const episodeKey = (trajectory: Trajectory): string => `${trajectory.epoch} ${taskKey(trajectory)}`

/** The `rollouts` of a TrainingContext. */
export function trainingRollouts(
  context: StageContext,
  tasks: Pick<TrainedTasks, "find">,
  {
    engine,
    actionFormat,
    promptingOf,
    limitsOf,
    services,
  }: {
    engine: Engine
    actionFormat: string
    promptingOf?: PromptingOf
    limitsOf?: LimitsOf
    services: ToolServices
  },
): NonNullable<TrainingContext["rollouts"]> {
  return async (references, samples, seed) => {
    const model = { model: engine.languageModel(), identity: "training", concurrency: 64 }
    const episodes = new Map<string, Episode>()
    const unscored = new Set<string>()
    const found = await Promise.all(references.map(tasks.find))
    const bySplit = Map.groupBy(found, ({ reference }) => `${reference.benchmark} ${reference.split}`)
    for (const together of bySplit.values()) {
      const { benchmark, split } = together[0]!.reference
      const settings = rolloutSettings(
        { ...context, seed },
        {
          benchmark,
          split,
          actionFormat,
          prompting: promptingOf?.(benchmark, split),
          limits: limitsOf?.(benchmark, split),
          model,
          policy,
          services,
          sampling: { temperature: 1 },
        },
      )
      await rollout({
        ...settings,
        tasks: together.map(({ task }) => task),
        samples,
        onTrajectory: async (trajectory, task) => {
          const outcome = await outcomeOf(context, settings.benchmark, task, trajectory, unscored)
          episodes.set(episodeKey(trajectory), { ...trajectory, outcome })
        },
      })
      context.abortSignal?.throwIfAborted()
    }
    for (const reason of unscored) context.host.log(`A fresh episode has no outcome: ${reason}`)
    return found.flatMap(({ reference }) =>
      Array.from({ length: samples }, (_, epoch) => episodes.get(`${epoch} ${taskKey(reference)}`)!),
    )
  }
}

/** In [0, 1]; undefined where the episode ended in an error or could not be scored, for the reason that is added. */
async function outcomeOf(
  { abortSignal }: StageContext,
  benchmark: TrainedTask["benchmark"],
  task: TrainedTask["task"],
  { status, error, answer }: Trajectory,
  unscored: Set<string>,
): Promise<number | undefined> {
  if (status === "error") {
    unscored.add(error ?? "it ended in an error")
    return undefined
  }
  try {
    return (await scoreInTime(benchmark, task, answer, abortSignal))[benchmark.value.primaryMetric]
  } catch (failure) {
    abortSignal?.throwIfAborted()
    unscored.add(errorMessage(failure))
    return undefined
  }
}

/**
 * The `keep` of a TrainingContext: the training's own filter, with its judge's verdicts and, of the answers, those of the
 * outcome judge that it was selected by, or the official score.
 */
export function keptEpisodes(
  { registry, abortSignal }: StageContext,
  { strategy }: Pick<FilterRequest, "strategy">,
  { judge, votes, outcomes }: { judge: OpenJudge; votes?: SiblingSets; outcomes?: Pick<RoundOutcomes, "areRight"> },
): NonNullable<TrainingContext["keep"]> {
  const entry = registry.resolve("filters", strategy)
  const filter = { ...entry.value, keep: namedKeep(whoseIs(entry), entry.value) }
  return async (episodes) => {
    const judged = filter.needs.includes("outcome") ? await outcomes?.areRight(episodes) : undefined
    const inputs = await Promise.all(
      episodes.map(async (trajectory, index) => {
        const { outcome } = trajectory
        const verdicts = filter.needs.includes("process")
          ? await judgeTrajectory(trajectory, await judge.forTask(trajectory, votes), { abortSignal })
          : []
        return {
          trajectory,
          verdicts,
          outcome: judged ? judged[index] : outcome === undefined ? undefined : outcome >= 1,
        }
      }),
    )
    return applyFilter(filter, inputs).kept.map(({ trajectory }) => trajectory)
  }
}
