/**
 * Tokens a second of the transformer at the nano shape (0.43 M parameters): decoding 64 sequences, training, and training packed states.
 * Run: node_modules/node/bin/node -C @swirl-ts/source bench/transformer.ts [wasm|native|cpu] [peers directory]
 */
import { random } from "@swirl-ts/core"
import { modelDirectory } from "@swirl-ts/policy-nano"
import {
  adamStep,
  type BackendName,
  clearGradients,
  createDecoder,
  createGradients,
  createOptimiser,
  forwardBackward,
  initBackend,
  initModel,
  readConfig,
  stateActionsOf,
} from "@swirl-ts/transformer"

const name = (process.argv[2] ?? "wasm") as BackendName
await initBackend(name, { peersDirectory: process.argv[3] ?? ".swirl/peers" })
const model = initModel(readConfig(modelDirectory), 1)
const tokens = (seed: number, count: number): number[] => {
  const draw = random(seed)
  return Array.from({ length: count }, () => draw.integer(2, model.config.vocabularySize - 1))
}

interface Timing {
  median: number
  processor: number
}

/** Median wall-clock and processor milliseconds of a run; on a busy machine the second is the one to compare. */
function time(runs: number, work: () => void): Timing {
  work()
  const timings = Array.from({ length: runs }, () => {
    const [start, used] = [performance.now(), process.cpuUsage()]
    work()
    const { user, system } = process.cpuUsage(used)
    return { wall: performance.now() - start, processor: (user + system) / 1000 }
  })
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(runs / 2)]!
  return {
    median: middle(timings.map(({ wall }) => wall)),
    processor: middle(timings.map(({ processor }) => processor)),
  }
}

const report = (what: string, count: number, { median, processor }: Timing): void => {
  const rate = (milliseconds: number): number => Math.round((count / milliseconds) * 1000)
  console.log(
    `${name}\t${what}\twall ${median.toFixed(1)} ms = ${rate(median)}/s\tprocessor ${processor.toFixed(1)} ms = ${rate(processor)}/s`,
  )
}

const decoder = createDecoder(model, { stopTokenIds: [] })
for (let i = 0; i < 64; i++) decoder.add({ promptTokenIds: tokens(i, 90), seed: i, maxTokens: 200 })
const prefill = performance.now()
decoder.step()
console.log(`${name}\tprefill 64 x 90\t${(performance.now() - prefill).toFixed(0)} ms (first call, not warm)`)
report(
  "decode step, 64 sequences at 90-130 tokens",
  64,
  time(40, () => decoder.step()),
)
decoder.dispose()

const gradients = createGradients()
const optimiser = createOptimiser()
const texts = Array.from({ length: 48 }, (_, i) => tokens(i, 80 + (i % 30)))
const sequences = texts.map((tokenIds) =>
  stateActionsOf({ tokenIds, coefficients: tokenIds.map((_, t) => (t === 0 ? 0 : 1)) }),
)
const trained = texts.reduce((sum, tokenIds) => sum + tokenIds.length, 0)
report(
  "forward + backward, 48 rows of 80-110",
  trained,
  time(5, () => {
    forwardBackward(model, sequences, gradients, { normaliser: trained })
    clearGradients(gradients)
  }),
)
forwardBackward(model, sequences, gradients, { normaliser: trained })
report(
  "AdamW steps",
  1,
  time(5, () => adamStep(model, gradients, optimiser, { learningRate: 1e-4, clipNorm: 1 })),
)
clearGradients(gradients)

const states = Array.from({ length: 64 }, (_, i) => ({
  state: tokens(i, 60 + (i % 40)),
  actions: [0, 1, 2].map((a) => ({
    tokenIds: tokens(i * 3 + a + 1000, 12),
    coefficients: new Float32Array(12).fill(a - 1),
    count: 3,
  })),
}))
const flat = states.reduce(
  (sum, { state, actions }) => sum + actions.reduce((n, action) => n + state.length + action.tokenIds.length, 0),
  0,
)
report(
  "64 states x 3 different actions, packed (tokens counted row by row)",
  flat,
  time(5, () => {
    forwardBackward(model, states, gradients, { normaliser: 512 })
    clearGradients(gradients)
  }),
)
