/**
 * From hidden states to log-probabilities of the targets and, for training, the gradient of the loss.
 * Taken in chunks of rows, so that no [targets, vocabulary] matrix and no one-hot target ever exists whole.
 */
import * as tf from "@tensorflow/tfjs-core"
import { isHalf } from "./half-tensor.ts"
import { linear, linearInputGradient, linearWeightGradient, weightRows } from "./linear.ts"
import { headName } from "./parameters.ts"
import { softCap, softCapGradient } from "./soft-cap.ts"
import { isFrozen, type TransformerModel, type Weights, weightOf } from "./transformer-model.ts"

/** Numbers in one chunk of logits, at most: 16 MiB of f32. */
const chunkNumbers = 1 << 22

/** What is trained on the rows: per row the target id, coefficient / N, and β · count / N. */
export interface HeadTargets {
  tokenIds: Int32Array
  coefficients: Float32Array
  klWeights: Float32Array
}

export interface HeadResult {
  /** log π(target) a row. */
  logProbabilities: Float32Array
  /** KL(π ‖ reference) over the whole vocabulary a row; empty without a reference. */
  divergences: Float32Array
  /** Gradient for the hidden states [rows, hidden] and the head's weight where that is trained; without a gradient pass undefined. */
  gradient?: { states: tf.Tensor2D; weights: Weights }
}

/** Of every row the number in the column that `ids` says: [rows, 1]. */
const pick = (matrix: tf.Tensor2D, ids: tf.Tensor1D): tf.Tensor =>
  tf.expandDims(tf.gatherND(matrix, tf.stack([tf.range(0, matrix.shape[0], 1, "int32"), ids], 1)), 1)

/** Logits [rows, vocabulary] of normed hidden states. */
export const logitsOf = (model: TransformerModel, states: tf.Tensor2D): tf.Tensor2D =>
  tf.tidy(() => softCap(linear(model, headName(model.config), states), model.config.logitSoftCap))

/** log of the sum of exp of every row [rows, 1], and the softmax; exact for any scale of the logits. */
function normalise(logits: tf.Tensor2D): { logSum: tf.Tensor2D; probabilities: tf.Tensor2D } {
  const probabilities = tf.softmax(logits)
  const logSum = tf.sub(tf.max(logits, 1, true), tf.log(tf.max(probabilities, 1, true))) as tf.Tensor2D
  return { logSum, probabilities }
}

/**
 * Log-probabilities of the targets from normed hidden states [rows, hidden]; with `backward`, gradients of
 * −Σ coefficient · log π(target) + Σ klWeight · KL(π ‖ reference).
 */
export function runHead(
  model: TransformerModel,
  states: tf.Tensor2D,
  targets: HeadTargets,
  options: { backward: boolean; reference?: { model: TransformerModel; states: tf.Tensor2D } },
): HeadResult {
  const [rows, hidden] = states.shape
  const name = headName(model.config)
  const step = Math.max(16, Math.floor(chunkNumbers / model.config.vocabularySize))
  const logProbabilities = new Float32Array(rows)
  const divergences = new Float32Array(options.reference === undefined ? 0 : rows)
  const stateGradients: tf.Tensor2D[] = []
  let weightGradient: tf.Tensor | undefined
  for (let from = 0; from < rows; from += step) {
    const count = Math.min(step, rows - from)
    const chunk = tf.tidy(() => {
      const h = tf.slice(states, [from, 0], [count, hidden])
      const ids = tf.tensor1d(targets.tokenIds.slice(from, from + count), "int32")
      const weight = weightOf(model, name)
      const logits = logitsOf(model, h)
      const { logSum, probabilities } = normalise(logits)
      const targetRows = weightRows(model, name, ids)
      const cap = model.config.logitSoftCap
      // From logits that are rounded, the target's is taken as it was rounded: log π stays below 0, and as sampling has it.
      const targetLogits = isHalf(weight) ? pick(logits, ids) : softCap(tf.sum(tf.mul(h, targetRows), 1, true), cap)
      const picked = tf.sub(targetLogits, logSum)
      let divergence: tf.Tensor | undefined
      let logRatio: tf.Tensor | undefined
      if (options.reference !== undefined) {
        const other = options.reference
        const otherLogits = logitsOf(other.model, tf.slice(other.states, [from, 0], [count, hidden]))
        logRatio = tf.sub(tf.sub(logits, logSum), tf.sub(otherLogits, normalise(otherLogits).logSum))
        divergence = tf.sum(tf.mul(probabilities, logRatio), 1, true)
      }
      if (!options.backward) return { picked, divergence, dStates: undefined, dWeight: undefined }
      const coefficient = tf.tensor2d(targets.coefficients.slice(from, from + count), [count, 1])
      let factor: tf.Tensor = coefficient
      if (logRatio !== undefined && divergence !== undefined)
        factor = tf.add(
          factor,
          tf.mul(tf.tensor2d(targets.klWeights.slice(from, from + count), [count, 1]), tf.sub(logRatio, divergence)),
        )
      const dLogits = softCapGradient(tf.mul(probabilities, factor) as tf.Tensor2D, logits, cap)
      const dTarget = softCapGradient(coefficient, targetLogits, cap)
      const dStates = tf.sub(linearInputGradient(model, name, dLogits), tf.mul(targetRows, dTarget)) as tf.Tensor2D
      if (isFrozen(model)) return { picked, divergence, dStates, dWeight: undefined }
      const dWeight = tf.sub(
        linearWeightGradient(dLogits, h),
        tf.scatterND(tf.reshape(ids, [count, 1]), tf.mul(h, dTarget), weight.shape),
      )
      return { picked, divergence, dStates, dWeight }
    })
    logProbabilities.set(chunk.picked.dataSync() as Float32Array, from)
    chunk.picked.dispose()
    if (chunk.divergence !== undefined) {
      divergences.set(chunk.divergence.dataSync() as Float32Array, from)
      chunk.divergence.dispose()
    }
    if (chunk.dStates !== undefined) stateGradients.push(chunk.dStates)
    if (chunk.dWeight !== undefined) weightGradient = addInto(weightGradient, chunk.dWeight)
  }
  if (stateGradients.length === 0) return { logProbabilities, divergences }
  const joined = tf.concat(stateGradients, 0)
  tf.dispose(stateGradients)
  const weights: Weights = weightGradient === undefined ? {} : { [name]: weightGradient }
  return { logProbabilities, divergences, gradient: { states: joined, weights } }
}

/** total + value, freeing both; or value where there is no total yet. */
export function addInto(total: tf.Tensor | undefined, value: tf.Tensor): tf.Tensor {
  if (total === undefined) return value
  const sum = tf.add(total, value)
  tf.dispose([total, value])
  return sum
}
