/** Our side of Benchmark W, in a process of its own: reads a Work as JSON from standard input, prints a Side. */
import { text } from "node:stream/consumers"
import { parseArgs } from "node:util"
import {
  adamStep,
  clearGradients,
  createGradients,
  createOptimiser,
  evaluateLoss,
  forwardBackward,
  generateSequences,
  initAdapter,
  initBackend,
  loadModel,
  type StateActions,
  withAdapter,
  withoutTrained,
} from "@swirl-ts/transformer"
import type { Side, Work } from "./train-work.ts"

const { values } = parseArgs({
  options: {
    /** A folder that train-model.ts wrote. */
    model: { type: "string", default: "" },
    backend: { type: "string", default: "native" },
    peers: { type: "string", default: ".swirl/peers" },
    budget: { type: "string", default: "2048" },
    recompute: { type: "boolean", default: false },
  },
})
await initBackend(values.backend as "native" | "wasm", { peersDirectory: values.peers })
const work = JSON.parse(await text(process.stdin)) as Work
const { rank, alpha, samples, actionTokens, precision } = work
const base = loadModel(values.model, { precision })
const targets = ["q", "k", "v", "o", "gate", "up", "down"] as const
const model = withAdapter(base, initAdapter(base.config, { rank, alpha, targets: [...targets] }, 1), true)
const settings = { tokenBudget: Number(values.budget), recompute: values.recompute }
const prompts = work.trajectories.flatMap((ids) => work.lengths.map((length) => ids.slice(0, length)))

const seconds = { sample: 0, reference: 0, update: 0, all: 0 }
const timed = <T>(phase: keyof typeof seconds, run: () => T): T => {
  const start = performance.now()
  const result = run()
  seconds[phase] += (performance.now() - start) / 1000
  return result
}

const side = timed("all", () => {
  const sampled = timed("sample", () =>
    generateSequences(
      model,
      prompts.flatMap((promptTokenIds, state) =>
        Array.from({ length: samples }, (_, i) => ({ promptTokenIds, seed: `${state}/${i}`, maxTokens: actionTokens })),
      ),
      { stopTokenIds: [], maxRows: 128 },
    ),
  )
  const states = prompts.map((state, s): StateActions => {
    const actions = sampled.slice(s * samples, (s + 1) * samples)
    return {
      state,
      actions: actions.map(({ tokenIds }) => ({ tokenIds, coefficients: new Float32Array(tokenIds.length) })),
    }
  })
  const initial = timed("reference", () =>
    evaluateLoss(withoutTrained(model), states, { normaliser: 1, ...settings }),
  ).logProbabilities
  const gradients = createGradients()
  const updated = timed("update", () => {
    const weighted = states.map(({ state, actions }, s) => ({
      state,
      actions: actions.map((action, i) => ({
        ...action,
        coefficients: coefficientsOf(s * samples + i, initial[s]![i]!),
      })),
    }))
    const result = forwardBackward(model, weighted, gradients, { normaliser: prompts.length * samples, ...settings })
    adamStep(model, gradients, createOptimiser(), { learningRate: 1e-4, clipNorm: 1 })
    return result
  })
  clearGradients(gradients)

  /** The advantage (half of the actions are good) and the suffix sums of the KL penalty. */
  function coefficientsOf(index: number, reference: Float32Array): Float32Array {
    const { logProbabilities } = sampled[index]!
    const result = new Float32Array(actionTokens)
    let suffix = 0
    for (let t = actionTokens - 1; t >= 0; t--) {
      suffix += logProbabilities[t]! - reference[t]!
      result[t] = (index % 2) - 0.5 - work.beta * suffix
    }
    return result
  }
  const rows = prompts.length * samples
  const trunk = work.trajectories.length * Math.max(...work.lengths)
  return {
    tokens: {
      prefilled: trunk,
      decoded: rows * (actionTokens - 1),
      reference: updated.processedTokens,
      trained: updated.processedTokens,
    },
    logitRows: {
      sampled: prompts.length + rows * (actionTokens - 1),
      reference: rows * actionTokens,
      trained: rows * actionTokens,
    },
  }
})
const result: Side = { ...side, seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }
console.log(JSON.stringify(result))
