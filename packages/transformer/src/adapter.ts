/**
 * LoRA: a low-rank addition to linear weights, y = x Wᵀ + scale · (x Aᵀ) Bᵀ with A [rank, in] and B [out, rank].
 * Invariant: the weights it is added to are never written; a model with a trained adapter trains that and nothing else.
 */
import * as tf from "@tensorflow/tfjs-core"
import { uniforms } from "./counter-random.ts"
import { layerName, parameterShapes } from "./parameters.ts"
import type { LinearPart } from "./parts.ts"
import type { TransformerConfig } from "./transformer-config.ts"
import type { Weights } from "./weight.ts"

/** The linear weights of a layer that can be adapted, by the short names that options take. */
const partOf = {
  q: "self_attn.q_proj",
  k: "self_attn.k_proj",
  v: "self_attn.v_proj",
  o: "self_attn.o_proj",
  gate: "mlp.gate_proj",
  up: "mlp.up_proj",
  down: "mlp.down_proj",
} as const satisfies Record<string, LinearPart>
export type AdapterTarget = keyof typeof partOf
export const adapterTargets = Object.keys(partOf) as AdapterTarget[]

/** The module names that peft's `target_modules` has: `q_proj`, … */
export const targetModule = (target: AdapterTarget): string => `${target}_proj`

export interface AdapterSettings {
  rank: number
  /** The addition is scaled by alpha / rank. */
  alpha: number
  targets: readonly AdapterTarget[]
}

export interface Adapter extends AdapterSettings {
  scale: number
  /** A and B by `adapterName`. f32. */
  weights: Weights
  /** Aᵀ and scale · Bᵀ, made on demand and kept until A or B changes. */
  prepared: Map<string, tf.Tensor2D>
}

type Half = "A" | "B"

/** The name of A or B for the weight `name` (`….q_proj.weight`), as peft has it behind `base_model.model.`. */
export const adapterName = (name: string, half: Half): string => name.replace(/weight$/, `lora_${half}.weight`)

export const createAdapter = (settings: AdapterSettings, scale: number, weights: Weights): Adapter => ({
  ...settings,
  scale,
  weights,
  prepared: new Map(),
})

/** Shapes of A and B by name, in the order of the model's parameters. */
export function adapterShapes(config: TransformerConfig, { rank, targets }: AdapterSettings) {
  const adapted = new Set<string>()
  for (let layer = 0; layer < config.layers; layer++)
    for (const target of targets) adapted.add(layerName(layer, partOf[target]))
  const shapes = new Map<string, readonly [number, number]>()
  for (const [name, [out = 1, columns = 1]] of parameterShapes(config)) {
    if (!adapted.has(name)) continue
    shapes.set(adapterName(name, "A"), [rank, columns])
    shapes.set(adapterName(name, "B"), [out, rank])
  }
  return shapes
}

/** A fresh one, which changes nothing yet: A uniform in ±1/sqrt(in), as peft draws it, B zero. */
export function initAdapter(config: TransformerConfig, settings: AdapterSettings, seed: number | string): Adapter {
  const weights: Weights = {}
  for (const [name, [rows, columns]] of adapterShapes(config, settings)) {
    const bound = 1 / Math.sqrt(columns)
    weights[name] = name.endsWith(adapterName("weight", "B"))
      ? tf.zeros([rows, columns])
      : tf.tensor2d(
          uniforms(`${seed}/${name}`, rows * columns).map((value) => (2 * value - 1) * bound),
          [rows, columns],
        )
  }
  return createAdapter(settings, settings.alpha / settings.rank, weights)
}

/** The matrices of an adapter for one weight; undefined where it leaves that alone. */
export interface AdapterPair {
  a: tf.Tensor2D
  b: tf.Tensor2D
  /** Aᵀ, [in, rank]. */
  down: tf.Tensor2D
  /** scale · Bᵀ, [rank, out]. */
  up: tf.Tensor2D
}

export function adapterPair(adapter: Adapter, name: string): AdapterPair | undefined {
  const [nameA, nameB] = [adapterName(name, "A"), adapterName(name, "B")]
  const [a, b] = [adapter.weights[nameA] as tf.Tensor2D | undefined, adapter.weights[nameB] as tf.Tensor2D | undefined]
  if (a === undefined || b === undefined) return undefined
  const prepared = (key: string, make: () => tf.Tensor): tf.Tensor2D => {
    const known = adapter.prepared.get(key)
    if (known !== undefined) return known
    const made = tf.keep(tf.tidy(make)) as tf.Tensor2D
    adapter.prepared.set(key, made)
    return made
  }
  return {
    a,
    b,
    down: prepared(nameA, () => tf.transpose(a)),
    up: prepared(nameB, () => tf.mul(tf.transpose(b), adapter.scale)),
  }
}

export function disposeAdapter(adapter: Adapter): void {
  tf.dispose([...Object.values(adapter.weights), ...adapter.prepared.values()])
  adapter.prepared.clear()
}
