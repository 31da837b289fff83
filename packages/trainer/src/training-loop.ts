/**
 * The loop every algorithm here shares: update, roll-outs, alarms, metrics, checkpoints, and resuming.
 * Invariant: an update is a function of (engine state, seed, step) alone, and checkpoint n is written after metric n.
 * So a killed training run again gives the same weights and metrics as an unbroken one. It ends after `iterations` steps, or
 * with the step by which its `tokenBudget` is spent.
 */
import {
  type MetricRecord,
  SwirlError,
  sampledTokens,
  seedFrom,
  type TrainingContext,
  type TrainingResult,
} from "@swirl-ts/core"
import { acquireLock } from "@swirl-ts/kit"
import type { Settings } from "@swirl-ts/store"
import { alarms } from "./alarms.ts"
import { openCheckpoints } from "./checkpoints.ts"
import { bestStep, checkGoingBack } from "./going-back.ts"
import { learningRateAt } from "./learning-rate.ts"
import { openMetricFile } from "./metric-file.ts"
import type { TrainingSettings } from "./options.ts"
import { applyStep, checkSkipped, finiteValues, skippedSteps } from "./skipped-steps.ts"
import { rolloutValues, type StepValues } from "./step-values.ts"
import { openTensorboardFile } from "./tensorboard-file.ts"
import { registerTraining } from "./training-spec.ts"

export interface LoopOptions {
  spec: Settings
  options: TrainingSettings
  /** Adds the gradients of step `step` (from 1) to the engine; `false`: there is nothing to step on. */
  update(step: number): Promise<{ values: StepValues; hasGradient: boolean }>
}

/** Trains `context.engine`, which has to be at its initial weights, to `options.iterations` steps. */
export async function trainingLoop(context: TrainingContext, loop: LoopOptions): Promise<TrainingResult> {
  const { directory, engine } = context
  const { options } = loop
  checkGoingBack(context, options.stopOnAlarm)
  const lock = await acquireLock(directory)
  try {
    await registerTraining(directory, loop.spec)
    const checkpoints = await openCheckpoints(directory, options.keepCheckpoints)
    const saved = await checkpoints.steps()
    const done = saved.at(-1) ?? 0
    if (done > options.iterations) {
      throw new SwirlError(
        `${directory} is at step ${done} already, beyond ${options.iterations} iterations. Ask for at least ${done}, or train into another folder.`,
        { kind: "usage" },
      )
    }
    const metrics = await openMetricFile(directory, done)
    try {
      if (done > 0) await engine.loadState(checkpoints.path(done))
      const board = await openTensorboardFile(directory, metrics.records)
      const record = async (step: number, values: StepValues): Promise<void> => {
        const raised = alarms([...metrics.records, { step, values }])
        const metric: MetricRecord = { schema: "swirl.metric/1", step, values, alarms: raised }
        await metrics.append(metric)
        await board.append(metric)
        context.onMetric?.(metric, { steps: expectedSteps(metrics.records, options) })
      }
      if (done === 0 && metrics.records.length === 0) await record(0, await rollout(context, 0))
      if (options.stopOnAlarm && saved.length === 0) await checkpoints.save(engine, 0)
      const isSpent = (values: StepValues = {}): boolean =>
        sampledTokens([...metrics.records, { values }]) >= (options.tokenBudget ?? Number.POSITIVE_INFINITY)
      /** By the records: run again, it has ended there. */
      const isStopped = (): boolean =>
        options.stopOnAlarm === true && metrics.records.some(({ alarms }) => alarms.length > 0)
      let steps = done
      for (let step = done + 1; step <= options.iterations && !isSpent() && !isStopped(); step++) {
        context.abortSignal?.throwIfAborted()
        const started = performance.now()
        const { values, hasGradient } = await loop.update(step)
        const learningRate = learningRateAt(step, options)
        const { gradientNorm, isSkipped } = hasGradient
          ? await applyStep(engine, values, adam(options, learningRate))
          : { gradientNorm: null, isSkipped: false }
        const skipped = skippedSteps(metrics.records) + Number(isSkipped)
        const seconds = (performance.now() - started) / 1000
        steps = step
        const last = step === options.iterations || isSpent(values)
        const rollouts = last || step % options.rolloutEvery === 0 ? await rollout(context, step) : {}
        const all = { ...values, gradientNorm, learningRate, seconds, skippedSteps: skipped, ...rollouts }
        await record(step, finiteValues(all))
        checkSkipped(metrics.records, options.mostSkipped)
        const best = options.stopOnAlarm ? bestStep(metrics.records) : undefined
        const isAsked = last || step === best || isStopped()
        if (isAsked || step % options.checkpointEvery === 0) await checkpoints.save(engine, step, best)
      }
      const stopped = isStopped() && {
        step: steps,
        checkpoint: bestStep(metrics.records, await checkpoints.steps()) ?? steps,
      }
      return {
        checkpoint: checkpoints.path(stopped ? stopped.checkpoint : steps),
        steps,
        ...(stopped ? { stopped } : {}),
        alarms: metrics.records.flatMap(({ step, alarms }) => alarms.map((alarm) => ({ step, ...alarm }))),
      }
    } finally {
      await metrics.close()
    }
  } finally {
    await lock.release()
  }
}

/** How many it has in all, as far as can be told by now: to the end of its iterations, or of its tokens where each step takes as many as the newest. */
function expectedSteps(records: readonly MetricRecord[], { iterations, tokenBudget }: TrainingSettings): number {
  const { step, values } = records.at(-1)!
  const newest = (values.sampledTokens ?? 0) + (values.episodeTokens ?? 0)
  if (tokenBudget === undefined || newest === 0) return iterations
  const left = Math.max(0, tokenBudget - sampledTokens(records))
  return Math.min(iterations, step + Math.ceil(left / newest))
}

/** The same tasks and seeds every time, so that differences are the policy's. Without `rollout` the values are null. */
async function rollout(context: TrainingContext, step: number): Promise<StepValues> {
  const seed = seedFrom(context.seed, "rollout")
  return rolloutValues(await context.rollout?.(context.engine.languageModel(), { step, seed }))
}

function adam(options: TrainingSettings, learningRate: number) {
  const { beta1, beta2, epsilon, weightDecay, clipNorm } = options
  return { learningRate, beta1, beta2, epsilon, weightDecay, clipNorm }
}
