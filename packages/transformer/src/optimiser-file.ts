/** The optimiser's state as one safetensors file, so that a resumed training takes the very same steps. */
import * as tf from "@tensorflow/tfjs-core"
import { createOptimiser, disposeOptimiser, type OptimiserState } from "./optimiser.ts"
import { readSafetensors, writeSafetensors } from "./safetensors.ts"

/** Writes moments and step count, atomically. */
export function saveOptimiser(file: string, state: OptimiserState): void {
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

/** Reads what `saveOptimiser` wrote. */
export function loadOptimiser(file: string): OptimiserState {
  const state = createOptimiser()
  try {
    const { metadata } = readSafetensors(file, ({ name, shape }, data) => {
      const moments = name.startsWith("m.") ? state.first : name.startsWith("v.") ? state.second : undefined
      if (moments === undefined) throw new Error(`${file}: ${name} is neither a first (m.) nor a second (v.) moment.`)
      moments.set(name.slice(2), tf.tensor(data, [...shape], "float32"))
    })
    state.step = Number(metadata.step)
    if (!Number.isSafeInteger(state.step)) throw new Error(`${file}: its metadata has no step count.`)
  } catch (error) {
    disposeOptimiser(state)
    throw error
  }
  return state
}
