// The optimizer's state as one safetensors file, so that a resumed training takes the very same steps.

import * as tf from "@tensorflow/tfjs-core"
import { disposeOptimizer, makeOptimizer, type OptimizerState } from "./optimiser.ts"
import { readSafetensors, writeSafetensors } from "./safetensors.ts"

/** Writes moments and step count, atomically. */
export function saveOptimizer(file: string, state: OptimizerState): void {
  const list = (prefix: string, moments: ReadonlyMap<string, tf.Tensor>) =>
    [...moments].map(([name, value]) => ({
      name: `${prefix}.${name}`,
      shape: value.shape,
      data: () => value.dataSync() as Float32Array,
    }))
  writeSafetensors(file, [...list("m", state.first), ...list("v", state.second)], {
    format: "pt",
    step: `${state.step}`,
  })
}

/** Reads what `saveOptimizer` wrote. */
export function loadOptimizer(file: string): OptimizerState {
  const state = makeOptimizer()
  try {
    const { metadata } = readSafetensors(file, ({ name, shape }, data) => {
      const moments = name.startsWith("m.") ? state.first : name.startsWith("v.") ? state.second : undefined
      if (moments === undefined) throw new Error(`${file}: ${name} is neither a first (m.) nor a second (v.) moment.`)
      moments.set(name.slice(2), tf.tensor(data, [...shape], "float32"))
    })
    state.step = Number(metadata.step)
    if (!Number.isSafeInteger(state.step)) throw new Error(`${file}: its metadata has no step count.`)
  } catch (error) {
    disposeOptimizer(state)
    throw error
  }
  return state
}
