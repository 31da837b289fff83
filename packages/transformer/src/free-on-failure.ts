/** Frees every tensor that a failed computation has made, so that less of it can be tried again in the same memory. */
import * as tf from "@tensorflow/tfjs-core"
import type { TransformerModel } from "./transformer-model.ts"

/** `models`: those that it computes with; what they remember of it is forgotten, too. What it gives keeps its tensors. */
export function freeOnFailure<T>(models: readonly TransformerModel[], run: () => T): T {
  const engine = tf.engine()
  engine.startScope("freeOnFailure")
  let made: tf.Tensor[] = []
  try {
    const result = run()
    made = engine.state.activeScope.track
    return result
  } finally {
    engine.endScope([...made])
    for (const { transposed, adapters } of models)
      for (const copies of [transposed, ...adapters.map(({ prepared }) => prepared)])
        for (const [name, copy] of copies) if (copy.isDisposed) copies.delete(name)
  }
}
