/**
 * One stage of pre-training: demonstrations in batches of similar length, AdamW, a cosine schedule.
 * The same seed, settings and backend give the same weights.
 */
import { type Domain, sandboxTask } from "@swirl-ts/bench-sandbox"
import { demonstrate, type Manner, type Respond } from "@swirl-ts/bench-sandbox/demonstration"
import { random, seedFrom } from "@swirl-ts/core"
import {
  adamStep,
  clearGradients,
  createGradients,
  createOptimiser,
  disposeOptimiser,
  forwardBackward,
  stateActionsOf,
  type TransformerModel,
} from "@swirl-ts/transformer"
import { cosineLearningRate } from "./cosine-schedule.ts"
import { type DemonstrationSequence, demonstrationSequence } from "./demonstration-sequence.ts"

export interface StageSettings {
  name: string
  seed: number
  steps: number
  learningRate: number
  warmupSteps: number
  batch: number
  /** Manners and the share of demonstrations shown in each. */
  manners: readonly (readonly [Manner, number])[]
}

export interface StageProgress {
  stage: string
  step: number
  steps: number
  /** Tokens that went through the network so far in this stage. */
  tokens: number
  /** Mean cross-entropy of a token of the model's own turns since the last line, in nats. */
  loss: number
  learningRate: number
  seconds: number
  tokensPerSecond: number
}

const domains: readonly (readonly [Domain, number])[] = [
  ["calc", 0.4],
  ["lookup", 0.35],
  ["mixed", 0.25],
]
/** Batches drawn at once and sorted by length, so that a batch has little padding. */
const pool = 8

function weighted<T>(shares: readonly (readonly [T, number])[], draw: number): T {
  let left = draw * shares.reduce((sum, [, share]) => sum + share, 0)
  for (const [value, share] of shares) {
    left -= share
    if (left < 0) return value
  }
  return shares.at(-1)![0]
}

async function drawPool(
  settings: StageSettings,
  first: number,
  longest: number,
  respond: Respond,
): Promise<DemonstrationSequence[][]> {
  const { seed, batch, manners } = settings
  const sequences: DemonstrationSequence[] = []
  for (let index = first; index < first + pool * batch; index++) {
    const draw = random(seedFrom("nano", settings.name, seed, index))
    const domain = weighted(domains, draw.next())
    const manner = weighted(manners, draw.next())
    const task = sandboxTask(domain, "demonstration", seedFrom("nano", settings.name, seed, "task", index))
    sequences.push(demonstrationSequence(await demonstrate(task, draw, manner, respond), longest))
  }
  sequences.sort((a, b) => a.tokenIds.length - b.tokenIds.length)
  const batches = Array.from({ length: pool }, (_, i) => sequences.slice(i * batch, (i + 1) * batch))
  return random(seedFrom("nano", settings.name, seed, "order", first)).shuffle(batches)
}

export async function trainStage(
  model: TransformerModel,
  settings: StageSettings,
  respond: Respond,
  onProgress: (progress: StageProgress) => void,
): Promise<void> {
  const { steps, learningRate: peak, warmupSteps } = settings
  const schedule = { peak, warmupSteps, totalSteps: steps, floor: peak / 20 }
  const gradients = createGradients()
  const optimiser = createOptimiser()
  const started = performance.now()
  let batches: DemonstrationSequence[][] = []
  let tokens = 0
  let loss = { sum: 0, count: 0 }
  for (let step = 0; step < steps; step++) {
    if (batches.length === 0) {
      batches = await drawPool(settings, step * settings.batch, model.config.maxPositions, respond)
    }
    const batch = batches.pop()!
    const normaliser = batch.reduce((sum, { coefficients }) => sum + coefficients.reduce((a, b) => a + b, 0), 0)
    const learningRate = cosineLearningRate(schedule, step)
    const result = forwardBackward(model, batch.map(stateActionsOf), gradients, { normaliser, tokenBudget: 4096 })
    adamStep(model, gradients, optimiser, { learningRate, beta1: 0.9, beta2: 0.97, weightDecay: 0.05, clipNorm: 1 })
    clearGradients(gradients)
    tokens += result.processedTokens
    loss = addLoss(loss, batch, result.logProbabilities)
    if ((step + 1) % 50 === 0 || step + 1 === steps) {
      const seconds = (performance.now() - started) / 1000
      onProgress({
        stage: settings.name,
        step: step + 1,
        steps,
        tokens,
        loss: loss.sum / loss.count,
        learningRate,
        seconds,
        tokensPerSecond: tokens / seconds,
      })
      loss = { sum: 0, count: 0 }
    }
  }
  disposeOptimiser(optimiser)
}

/** Adds −log π of the model's own tokens; log-probabilities begin at the first token with a coefficient. */
function addLoss(
  loss: { sum: number; count: number },
  batch: readonly DemonstrationSequence[],
  logProbabilities: readonly (readonly Float32Array[])[],
): { sum: number; count: number } {
  let { sum, count } = loss
  batch.forEach(({ coefficients }, index) => {
    const values = logProbabilities[index]![0]!
    const first = coefficients.findIndex((coefficient) => coefficient > 0)
    for (const [at, value] of values.entries()) {
      if (coefficients[first + at] !== 1) continue
      sum -= value
      count += 1
    }
  })
  return { sum, count }
}
