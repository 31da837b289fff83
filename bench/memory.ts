/**
 * Whether training leaks: 1,000 steps of a small model (sample, reference, update, Adam), with what TensorFlow.js holds and the
 * process's memory at ten points of the way. From the middle on both lines have to be flat; exit code 1 where they are not.
 *   npm run bench -- memory [steps] [wasm|native] [peers directory]
 */
import { random } from "@swirl-ts/core"
import {
  adamStep,
  type BackendName,
  clearGradients,
  createGradients,
  createOptimiser,
  evaluateLoss,
  forwardBackward,
  generateSequences,
  initAdapter,
  initBackend,
  initModel,
  withAdapter,
  withoutTrained,
} from "@swirl-ts/transformer"
import * as tf from "@tensorflow/tfjs-core"

const steps = Number(process.argv[2] ?? 1000)
const backend = (process.argv[3] ?? "wasm") as BackendName
await initBackend(backend, { peersDirectory: process.argv[4] ?? ".swirl/peers" })
const shape = {
  vocabularySize: 512,
  hiddenSize: 64,
  layers: 3,
  heads: 4,
  keyValueHeads: 2,
  headSize: 16,
  innerSize: 128,
}
const config = {
  ...shape,
  maxPositions: 512,
  ropeTheta: 1e4,
  normEpsilon: 1e-5,
  tiedEmbeddings: true,
  endTokenIds: [1],
}
const targets = ["q", "k", "v", "o", "gate", "up", "down"] as const
const adapter = initAdapter(config, { rank: 8, alpha: 16, targets: [...targets] }, 1)
const model = withAdapter(initModel(config, 1), adapter, true)
const optimiser = createOptimiser()
const mebibytes = (bytes: number): number => bytes / 2 ** 20

/** Two trajectories of two states with four actions each; a budget that cuts them into trunk and leaves every other step. */
function step(number: number): void {
  const draw = random(number)
  const prompts = [0, 1].flatMap(() => {
    const ids = Array.from({ length: 40 + draw.integer(0, 40) }, () => draw.integer(2, 511))
    return [ids.slice(0, 30), ids]
  })
  const requests = prompts.flatMap((promptTokenIds, p) =>
    [0, 1, 2, 3].map((i) => ({ promptTokenIds, seed: `${number}/${p}/${i}`, maxTokens: 10 })),
  )
  const sampled = generateSequences(model, requests)
  const states = prompts.map((state, p) => ({
    state,
    actions: sampled.slice(4 * p, 4 * p + 4).map(({ tokenIds }, i) => ({
      tokenIds,
      coefficients: tokenIds.map(() => [1, -1, 0.5, -0.5][i]!),
    })),
  }))
  const options = {
    normaliser: requests.length,
    tokenBudget: number % 2 === 0 ? 4096 : 64,
    recompute: number % 4 === 1,
  }
  evaluateLoss(withoutTrained(model), states, options)
  const gradients = createGradients()
  forwardBackward(model, states, gradients, options)
  adamStep(model, gradients, optimiser, { learningRate: 1e-4, clipNorm: 1 })
  clearGradients(gradients)
}

const points: { step: number; tensors: number; held: number; resident: number }[] = []
const started = performance.now()
console.log(`| step | tensors | MiB in tensors | MiB of the process (${backend}) |\n|-|-|-|-|`)
for (let number = 1; number <= steps; number++) {
  step(number)
  if (number % Math.ceil(steps / 10) !== 0) continue
  globalThis.gc?.()
  const { numTensors: tensors, numBytes } = tf.memory()
  const point = { step: number, tensors, held: mebibytes(numBytes), resident: mebibytes(process.memoryUsage().rss) }
  points.push(point)
  console.log(`| ${point.step} | ${tensors} | ${point.held.toFixed(2)} | ${point.resident.toFixed(0)} |`)
}
const [first, last] = [points[Math.floor(points.length / 2) - 1]!, points.at(-1)!]
const growth = last.resident / first.resident - 1
const flat = last.tensors === first.tensors && last.held === first.held && growth < 0.05
console.log(
  `\n${steps} steps in ${((performance.now() - started) / 1000).toFixed(0)} s: tensors ${last.tensors - first.tensors >= 0 ? "+" : ""}${last.tensors - first.tensors}, process ${(100 * growth).toFixed(1)} % from the middle on (${flat ? "flat" : "NOT flat"}); ${new Date().toISOString().slice(0, 10)}, ${process.arch}, Node ${process.version}`,
)
if (!flat) process.exitCode = 1
