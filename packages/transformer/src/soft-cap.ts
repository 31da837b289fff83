/** cap · tanh(x / cap): numbers stay below a cap, and small ones as they are. */
import * as tf from "@tensorflow/tfjs-core"

/** Without a cap, x itself. */
export const softCap = <T extends tf.Tensor>(x: T, cap: number | undefined): T =>
  cap === undefined ? x : (tf.mul(tf.tanh(tf.div(x, cap)), cap) as T)

/** The gradient for x from that of the capped numbers and those numbers themselves: 1 − tanh² is its slope. */
export const softCapGradient = <T extends tf.Tensor>(dy: T, capped: tf.Tensor, cap: number | undefined): T =>
  cap === undefined ? dy : (tf.mul(dy, tf.sub(1, tf.square(tf.div(capped, cap)))) as T)
