import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import * as tf from "@tensorflow/tfjs-core"
import { beforeAll, describe, expect, it } from "vitest"
import { initTestBackend, relativeError, smallConfig } from "../test/small-model.ts"
import { uniform } from "./counter-random.ts"
import { evaluateLoss, forwardBackward, logProbabilities } from "./forward-backward.ts"
import { clearGradients, createGradients, type Gradients } from "./gradients.ts"
import { adamStep, createOptimiser, disposeOptimiser, type OptimiserState } from "./optimiser.ts"
import { loadOptimiser, saveOptimiser } from "./optimiser-file.ts"
import { packAll, packStates, type StateActions } from "./packing.ts"
import { cloneModel, disposeModel, initModel, type TransformerModel } from "./transformer-model.ts"

const draw = (counter: number): number => uniform([7, 9], counter)
const token = (counter: number): number => 2 + Math.floor(draw(counter) * 38)
const tokens = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => token(from + i))

/** Trajectories whose states are prefixes of each other, with actions that begin alike, differ in length, and repeat. */
function createStates(): StateActions[] {
  return [0, 1, 2].flatMap((question) => {
    const path = [0, ...tokens(question * 1000, 30)]
    return [7, 15, 26 + question].map((length, step) => {
      const shared = tokens(question * 500 + step, 2)
      const lengths = [1, 3, 5, 4]
      return {
        state: path.slice(0, length),
        actions: lengths.map((extra, a) => {
          const tokenIds = [...(a > 1 ? shared : []), ...tokens(9000 + question * 100 + step * 20 + a * 5, extra)]
          return {
            tokenIds,
            coefficients: tokenIds.map((_, t) => draw(77 * question + 13 * step + 5 * a + t) - 0.5),
            count: 1 + (a % 3),
          }
        }),
      }
    })
  })
}

/** States that share a prompt and then part; one has no trained first token, so nothing is predicted from its state. */
function sharedBeginnings(): StateActions[] {
  const prompt = [0, ...tokens(40_000, 20)]
  return [0, 1, 2].map((branch) => {
    const ids = tokens(50_000 + branch, 6)
    const coefficients = ids.map((_, t) => (branch === 1 && t === 0 ? 0 : 0.5 - t / 4))
    const count = ids.map((_, t) => (branch === 1 && t === 0 ? 0 : 1))
    return {
      state: [...prompt, ...tokens(41_000 + 100 * branch, 3 + branch)],
      actions: [
        { tokenIds: ids, coefficients, count },
        { tokenIds: tokens(60_000 + branch, 9), coefficients: new Float32Array(9).fill(-0.3), count: 2 },
      ],
    }
  })
}

const oneActionEach = (states: readonly StateActions[]): StateActions[] =>
  states.flatMap(({ state, actions }) => actions.map((action) => ({ state, actions: [action] })))

/** One row at a time: nothing is merged or padded. */
function oneAtATime(model: TransformerModel, reference: TransformerModel, states: readonly StateActions[]) {
  const gradients = createGradients()
  let loss = 0
  const options = { normaliser: 12, exactKl: { weight: 0.3, reference } }
  const logs = oneActionEach(states).map((one) => {
    const result = forwardBackward(model, [one], gradients, options)
    loss += result.loss
    return [...result.logProbabilities[0]![0]!]
  })
  return { gradients, loss, logs }
}

const expectSame = (a: Gradients, b: Gradients): void => {
  expect([...a.keys()].sort()).toEqual([...b.keys()].sort())
  for (const [name, value] of a)
    expect(relativeError(value.dataSync(), b.get(name)!.dataSync()), name).toBeLessThan(1e-5)
}

beforeAll(async () => {
  await initTestBackend()
})

describe.each([8, 6])("training with heads of %i", (headSize) => {
  it("packed and row-by-row give the same loss, log-probabilities and gradients", () => {
    const config = smallConfig({ headSize })
    const [model, reference] = [initModel(config, 1, 0.3), initModel(config, 2, 0.3)]
    const states = createStates()
    const gradients = createGradients()
    const packed = forwardBackward(model, states, gradients, {
      normaliser: 12,
      exactKl: { weight: 0.3, reference },
      tokenBudget: 120,
    })
    const rows = oneAtATime(model, reference, states)
    expect(Math.abs(packed.loss - rows.loss)).toBeLessThan(1e-5 * Math.abs(rows.loss))
    expect(
      relativeError(
        packed.logProbabilities.flatMap((g) => g.flatMap((a) => [...a])),
        rows.logs.flat(),
      ),
    ).toBeLessThan(1e-5)
    expectSame(gradients, rows.gradients)
    const tokensOneByOne = oneActionEach(states).reduce(
      (sum, { state, actions }) => sum + state.length + actions[0]!.tokenIds.length - 1,
      0,
    )
    expect(packed.processedTokens).toBeLessThan(tokensOneByOne / 3)
  })

  it("has the gradient of its loss: a small step changes the loss as the gradient says", () => {
    const config = smallConfig({ headSize, tiedEmbeddings: false })
    const [model, reference] = [initModel(config, 1, 0.3), initModel(config, 2, 0.3)]
    const options = { normaliser: 3, exactKl: { weight: 0.5, reference } }
    const gradients = createGradients()
    const states = createStates()
    forwardBackward(model, states, gradients, options)
    for (const [name, gradient] of gradients) {
      const norm = Math.sqrt(tf.sum(tf.square(gradient)).dataSync()[0]!)
      const step = 2e-3
      const original = model.weights[name]!
      const losses = [1, -1].map((sign) => {
        model.weights[name] = tf.add(original, tf.mul(gradient, (sign * step) / norm))
        model.transposed.get(name)?.dispose()
        model.transposed.delete(name)
        return evaluateLoss(model, states, options).loss
      })
      model.weights[name] = original
      model.transposed.delete(name)
      const slope = (losses[0]! - losses[1]!) / (2 * step)
      expect(Math.abs(slope / norm - 1), name).toBeLessThan(0.02)
    }
  })

  it("trunk and batches of leaves give the gradient of the whole trie, whatever the budget", () => {
    const config = smallConfig({ headSize })
    const [model, reference] = [initModel(config, 1, 0.3), initModel(config, 2, 0.3)]
    const states = [...createStates(), ...sharedBeginnings()]
    const update = (tokenBudget: number, recompute = false) => {
      const gradients = createGradients()
      const exactKl = { weight: 0.3, reference }
      const result = forwardBackward(model, states, gradients, { normaliser: 12, exactKl, tokenBudget, recompute })
      return {
        gradients,
        result,
        values: result.logProbabilities.flatMap((of) => of.flatMap((a) => [...a].map((v) => (v <= 0 ? v : 1)))),
      }
    }
    const whole = update(10_000)
    for (const [budget, recompute] of [
      [60, false],
      [20, true],
      [3, false],
    ] as const) {
      const cut = update(budget, recompute)
      expect(cut.result.processedTokens).toBe(whole.result.processedTokens)
      expect(Math.abs(cut.result.loss - whole.result.loss)).toBeLessThan(1e-5 * Math.abs(whole.result.loss))
      expect(relativeError(cut.values, whole.values)).toBeLessThan(1e-5)
      expectSame(cut.gradients, whole.gradients)
    }
  })

  it("leaves no tensor behind", () => {
    const config = smallConfig({ headSize })
    const round = (): void => {
      const [model, reference] = [initModel(config, 1), initModel(config, 2)]
      const gradients = createGradients()
      const optimiser = createOptimiser()
      forwardBackward(model, createStates(), gradients, {
        normaliser: 3,
        exactKl: { weight: 0.5, reference },
        tokenBudget: 30,
        recompute: true,
      })
      adamStep(model, gradients, optimiser, { learningRate: 1e-3, clipNorm: 1 })
      logProbabilities(model, [
        [0, 3, 4, 5],
        [0, 2],
      ])
      clearGradients(gradients)
      disposeOptimiser(optimiser)
      disposeModel(model)
      disposeModel(reference)
    }
    round()
    const before = tf.memory().numTensors
    round()
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe("training", () => {
  it("reports NaN for tokens that are not trained, and no loss for a batch of them", () => {
    const model = initModel(smallConfig(), 1)
    const gradients = createGradients()
    const action = { tokenIds: [5, 6, 7], coefficients: [1, 0, 1], count: [1, 0, 1] }
    const result = forwardBackward(model, [{ state: [0, 3], actions: [action] }], gradients, { normaliser: 1 })
    expect([...result.logProbabilities[0]![0]!].map(Number.isNaN)).toEqual([false, true, false])
    expect(result.trainedTokens).toBe(2)
    const none = forwardBackward(model, [{ state: [0, 3], actions: [] }], gradients, { normaliser: 1 })
    expect(none.loss).toBe(0)
  })

  it("refuses ids outside the vocabulary and actions without a state", () => {
    const model = initModel(smallConfig(), 1)
    expect(() => logProbabilities(model, [[0, 40]])).toThrow("Token id 40 is outside the vocabulary of 40")
    const stateless = { state: [], actions: [{ tokenIds: [3], coefficients: [1] }] }
    expect(() => forwardBackward(model, [stateless], createGradients(), { normaliser: 1 })).toThrow(
      "at least one token",
    )
  })

  it("goes on from a saved optimiser exactly as without saving", () => {
    const folder = temporaryFolder()
    const states = createStates()
    const train = (model: TransformerModel, state: OptimiserState, steps: number): void => {
      for (let i = 0; i < steps; i++) {
        const gradients = createGradients()
        forwardBackward(model, states, gradients, { normaliser: 10 })
        adamStep(model, gradients, state, { learningRate: 1e-2, weightDecay: 0.1, clipNorm: 1 })
      }
    }
    const straight = initModel(smallConfig(), 5)
    const state = createOptimiser()
    train(straight, state, 2)
    const resumed = cloneModel(straight)
    saveOptimiser(join(folder, "optimizer.safetensors"), state)
    const loaded = loadOptimiser(join(folder, "optimizer.safetensors"))
    train(straight, state, 3)
    train(resumed, loaded, 3)
    expect(loaded.step).toBe(5)
    for (const [name, weight] of Object.entries(straight.weights))
      expect(resumed.weights[name]!.dataSync(), name).toEqual(weight.dataSync())
  })
})

describe("packing", () => {
  it("puts the states of one trajectory into one trie, in which each token stands once", () => {
    const path = [1, 2, 3, 4, 5, 6]
    const sequences = packAll([
      { state: path, actions: [{ tokenIds: [9, 8], coefficients: [1, 1] }] },
      {
        state: path.slice(0, 4),
        actions: [
          { tokenIds: [5, 7], coefficients: [2, 2] },
          { tokenIds: [5, 7], coefficients: [3, 3] },
        ],
      },
    ])
    expect(sequences).toHaveLength(1)
    expect(sequences[0]!.tokenIds).toEqual([1, 2, 3, 4, 5, 6, 9])
    expect(sequences[0]!.positions).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(sequences[0]!.targets.map(({ tokenId, coefficient, count }) => [tokenId, coefficient, count])).toEqual(
      expect.arrayContaining([
        [5, 5, 2],
        [7, 5, 2],
        [9, 1, 1],
        [8, 1, 1],
      ]),
    )
  })

  it("lets a token see its ancestors only", () => {
    const { tokenIds, positions, ends } = packStates([
      {
        state: [1, 2],
        actions: [
          { tokenIds: [3, 4, 5], coefficients: [1, 1, 1] },
          { tokenIds: [6, 7], coefficients: [1, 1] },
        ],
      },
    ])
    expect(tokenIds).toEqual([1, 2, 3, 4, 6])
    expect(positions).toEqual([0, 1, 2, 3, 2])
    expect(ends).toEqual([5, 5, 4, 4, 5])
  })
})
