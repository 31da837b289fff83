/**
 * The smallest policy gradient (REINFORCE): draw recorded states, act in each afresh, and make every action as much more
 * likely as it is better than the others of its state. Invariant: an update is a function of weights, seed and iteration.
 */
import { mkdir, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { type Algorithm, type MetricRecord, random, SwirlError, seedFrom, type TrainingContext } from "@swirl-ts/core"
import { type FreshAction, freshActions } from "./actions.ts"
import { advantages } from "./advantages.ts"
import { type Options, readOptions } from "./options.ts"
import { type State, statesOf } from "./states.ts"

export const reinforce: Algorithm = {
  description: "the smallest policy gradient: fresh actions, rewarded by a judge, against the mean of their state",
  async train(context) {
    const options = readOptions(context.options)
    const states = context.trajectories.flatMap(statesOf)
    if (states.length === 0) throw new SwirlError("There is no state to train at: the filter kept no trajectory.")
    const metrics: MetricRecord[] = []
    for (let iteration = 1; iteration <= options.iterations; iteration++) {
      context.abortSignal?.throwIfAborted()
      const metric = await update(context, states, iteration, options)
      metrics.push(metric)
      context.onMetric?.(metric)
    }
    return { checkpoint: await save(context, options.iterations, metrics), steps: options.iterations, alarms: [] }
  },
}

async function update(
  context: TrainingContext,
  states: readonly State[],
  iteration: number,
  { states: count, samples, learningRate }: Options,
): Promise<MetricRecord> {
  const { engine, seed } = context
  const source = random(seedFrom(seed, "states", iteration))
  const drawn = Array.from({ length: count }, () => source.pick(states))
  const groups = await freshActions(context, drawn, { iteration, samples })
  const rows = groups.flatMap(rowsOf)
  const scored = groups.flat().filter(({ reward }) => reward !== undefined)
  let loss: number | null = null
  if (rows.length > 0) {
    loss = (await engine.forwardBackward(rows, { normaliser: scored.length })).loss
    await engine.optimStep({ learningRate, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0, clipNorm: 1 })
  }
  const judgedReward = scored.length > 0 ? scored.reduce((sum, { reward }) => sum + reward!, 0) / scored.length : null
  return { schema: "swirl.metric/1", step: iteration, values: { judgedReward, loss }, alarms: [] }
}

/** A training row an action that is better or worse than the others of its state; the others have no gradient. */
function rowsOf(group: readonly FreshAction[]) {
  const values = advantages(group.map(({ reward }) => reward))
  return group.flatMap(({ state: { promptTokenIds }, tokenIds }, index) => {
    const advantage = values[index] ?? 0
    return advantage === 0 ? [] : [{ promptTokenIds, tokenIds, coefficients: tokenIds.map(() => advantage) }]
  })
}

/** A training that is run again begins again: what an earlier one left is replaced. */
async function save({ engine, directory }: TrainingContext, step: number, metrics: MetricRecord[]): Promise<string> {
  const checkpoint = join(directory, "checkpoints", String(step))
  await rm(checkpoint, { recursive: true, force: true })
  await mkdir(checkpoint, { recursive: true })
  await engine.saveState(checkpoint)
  await writeFile(join(directory, "metrics.jsonl"), metrics.map((metric) => `${JSON.stringify(metric)}\n`).join(""))
  return checkpoint
}
