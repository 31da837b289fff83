/**
 * One part of `npm run bench -- gpu` on native TensorFlow, in a process of its own; what it found comes out a JSON line each.
 *   check: numbers that the CPU computes too          speed: how long the parts of an iteration take
 */
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { random } from "@swirl-ts/core"
import {
  adamStep,
  backendStatus,
  clearGradients,
  createDecoder,
  createGradients,
  createOptimiser,
  disposeAdapter,
  disposeOptimiser,
  forwardBackward,
  generateSequences,
  initAdapter,
  initBackend,
  loadModel,
  logProbabilities,
  type Precision,
  stateActionsOf,
  withAdapter,
} from "@swirl-ts/transformer"
import * as tf from "@tensorflow/tfjs-core"
import { halfProduct, toHalf } from "../packages/transformer/src/half-tensor.ts"
import { readTensors, rowsOf } from "../packages/transformer/test/expected-tensors.ts"
import type { Checked, Found, Measured } from "./gpu-parts.ts"

const { values } = parseArgs({
  options: {
    part: { type: "string", default: "check" },
    peers: { type: "string", default: ".swirl/peers" },
    /** A folder that train-model.ts wrote. */
    model: { type: "string", default: "" },
    precision: { type: "string", default: "f32" },
    tiny: { type: "boolean", default: false },
  },
})
const say = (found: Found): void => console.log(JSON.stringify(found))
const targets = ["q", "k", "v", "o", "gate", "up", "down"] as const

await initBackend("native", { peersDirectory: values.peers })
const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } }
say({ device: backendStatus().native.device ?? "cpu", tensorflow: binding.TF_Version })
if (values.part === "check") check()
else speed(values.precision as Precision)

function check(): void {
  const draw = random(15)
  const matrix = (rows: number, columns: number): tf.Tensor2D =>
    tf.tensor2d(
      Array.from({ length: rows * columns }, () => 2 * draw.next() - 1),
      [rows, columns],
    )
  const [x, weight] = [matrix(48, 576), matrix(96, 576)]
  const put = (check: string, numbers: ArrayLike<number>, of?: string): void =>
    say({ check, of, numbers: Array.from(numbers) } satisfies Checked)
  put("product f32", tf.matMul(x, weight, false, true).dataSync())
  put("product bf16", halfProduct(x, toHalf(weight), true).dataSync())

  const fixture = fileURLToPath(new URL("../fixtures/transformer/tied-grouped/", import.meta.url))
  const expected = readTensors(join(fixture, "expected.safetensors"))
  const [ids, weights] = [rowsOf(expected.get("ids")!), rowsOf(expected.get("weights")!)]
  for (const precision of ["f32", "bf16"] as const) {
    const base = loadModel(fixture, { precision })
    put(
      `log-probabilities ${precision}`,
      logProbabilities(base, ids).flatMap((row) => [...row]),
    )
    const adapter = initAdapter(base.config, { rank: 4, alpha: 8, targets: [...targets] }, 1)
    const model = withAdapter(base, adapter, true)
    const [gradients, optimiser] = [createGradients(), createOptimiser()]
    const rows = ids.map((tokenIds, r) => stateActionsOf({ tokenIds, coefficients: weights[r]! }))
    // B begins at zero, so that A gets its first gradient in the second update.
    for (let step = 0; step < 2; step++) {
      forwardBackward(model, rows, gradients, { normaliser: 7 })
      if (step === 1)
        for (const [name, gradient] of gradients) put(`gradient of LoRA ${precision}`, gradient.dataSync(), name)
      adamStep(model, gradients, optimiser, { learningRate: 1e-2 })
      clearGradients(gradients)
    }
    put(
      `log-probabilities after two updates ${precision}`,
      logProbabilities(model, ids).flatMap((row) => [...row]),
    )
    disposeAdapter(adapter)
    disposeOptimiser(optimiser)
  }
  const model = loadModel(fixture)
  const requests = ids.map((row, seed) => ({ promptTokenIds: row.slice(0, 8), seed, maxTokens: 40, temperature: 0 }))
  put(
    "greedy tokens",
    generateSequences(model, requests, { stopTokenIds: [] }).flatMap(({ tokenIds }) => tokenIds),
  )
}

function speed(precision: Precision): void {
  const size = values.tiny
    ? { product: 128, prompt: 32, rows: 2, length: 32, steps: 4, runs: 2 }
    : { product: 4096, prompt: 512, rows: 8, length: 256, steps: 32, runs: 5 }
  const put = (what: string, value: number, unit: string): void =>
    say({ what: `${what}, ${precision}`, value, unit } satisfies Measured)
  const median = (run: () => number): number =>
    Array.from({ length: size.runs }, run).sort((a, b) => a - b)[size.runs >> 1]!
  const timed = (run: () => void): number => {
    const start = performance.now()
    run()
    return (performance.now() - start) / 1000
  }
  const one = (run: () => void): number => {
    run()
    return median(() => timed(run))
  }

  const n = size.product
  const factors = tf.tidy(() => {
    const drawn = tf.randomNormal([n, n]) as tf.Tensor2D
    return precision === "bf16" ? [drawn, toHalf(tf.randomNormal([n, n]))] : [drawn, tf.randomNormal([n, n])]
  }) as [tf.Tensor2D, tf.Tensor2D]
  const products = 10
  // Reading one number of the last product waits for all of them.
  const seconds = one(() =>
    tf.tidy(() => {
      const [x, weight] = factors
      const multiply = () => (precision === "bf16" ? halfProduct(x, weight, true) : tf.matMul(x, weight, false, true))
      for (let i = 1; i < products; i++) multiply().dispose()
      tf.slice(multiply(), [0, 0], [1, 1]).dataSync()
    }),
  )
  put(`product of ${n} x ${n} matrices, casts included`, (products * 2 * n ** 3) / seconds / 1e12, "TFLOP/s")
  tf.dispose(factors)

  const model = loadModel(values.model, { precision })
  const { config } = model
  const draw = random(7)
  const tokens = (count: number): number[] =>
    Array.from({ length: count }, () => draw.integer(2, config.vocabularySize - 1))
  const prompt = tokens(size.prompt)
  const prefilled = one(() =>
    generateSequences(model, [{ promptTokenIds: prompt, seed: 1, maxTokens: 1 }], { stopTokenIds: [] }),
  )
  put(`prefill of ${size.prompt} tokens and the first one`, size.prompt / prefilled, "tokens/s")

  for (const rows of [1, 8, 32]) {
    const decoder = createDecoder(model, { stopTokenIds: [] })
    const maxTokens = (size.runs + 2) * size.steps
    for (let seed = 0; seed < rows; seed++) decoder.add({ promptTokenIds: prompt, seed, maxTokens })
    const steps = (): void => {
      for (let i = 0; i < size.steps; i++) decoder.step()
    }
    put(`decode at ${rows} rows`, (rows * size.steps) / one(steps), "tokens/s")
    decoder.dispose()
  }

  const adapter = initAdapter(config, { rank: 16, alpha: 32, targets: [...targets] }, 1)
  const trained = withAdapter(model, adapter, true)
  const gradients = createGradients()
  const rows = Array.from({ length: size.rows }, () => {
    const tokenIds = tokens(size.length)
    return stateActionsOf({ tokenIds, coefficients: tokenIds.map((_, t) => (t === 0 ? 0 : 1)) })
  })
  const all = size.rows * size.length
  const updated = one(() => {
    forwardBackward(trained, rows, gradients, { normaliser: all })
    // Reading a gradient waits for them.
    for (const gradient of gradients.values()) gradient.dataSync()
    clearGradients(gradients)
  })
  put(`forward and backward of LoRA 16, ${size.rows} rows of ${size.length}`, all / updated, "tokens/s")
}
