/**
 * LoRA adapters on disk as peft writes them: adapter_config.json and adapter_model.safetensors.
 * Invariant: an adapter that is loaded is computed exactly as peft would; everything else is refused with a sentence.
 */
import { join, mkdirSync } from "@swirl-ts/platform"
import * as tf from "@tensorflow/tfjs-core"
import { type Adapter, adapterName, adapterShapes, adapterTargets, createAdapter, targetModule } from "./adapter.ts"
import { type AdapterBase, configFile, weightsFile } from "./adapter-base.ts"
import { readJson } from "./read-json.ts"
import { readSafetensors, writeSafetensors } from "./safetensors.ts"
import { writeJson } from "./tokenizer-folder.ts"
import type { TransformerConfig } from "./transformer-config.ts"
import type { Weights } from "./transformer-model.ts"

const prefix = "base_model.model."

/** Loads an adapter for a base of this shape; throws where it is one for another base, or of a kind that is not computed here. */
export function loadAdapter(directory: string, config: TransformerConfig): Adapter {
  const file = join(directory, configFile)
  const { rank, alpha, scale } = readSettings(file)
  const all = adapterShapes(config, { rank, alpha, targets: adapterTargets })
  const weights: Weights = {}
  const source = join(directory, weightsFile)
  try {
    readSafetensors(source, ({ name, shape }, data) => {
      const own = name.startsWith(prefix) ? name.slice(prefix.length) : name
      const expected = all.get(own)
      if (expected === undefined) throw new Error(`${source}: the base has no weight that ${name} could be added to.`)
      if (`${shape}` !== `${expected}`)
        throw new Error(
          `${source}: ${name} has shape [${shape}], this base and rank ${rank} ask for [${expected}]. It is an adapter of another base.`,
        )
      if (data.some((value) => !Number.isFinite(value)))
        throw new Error(`${source}: ${name} has values that are no numbers.`)
      weights[own] = tf.tensor(data, [...shape], "float32")
    })
    const lone = Object.keys(weights).find((name) => weights[other(name)] === undefined)
    if (lone !== undefined) throw new Error(`${source}: ${prefix}${lone} is there without ${prefix}${other(lone)}.`)
    if (Object.keys(weights).length === 0) throw new Error(`${source}: it has no weights.`)
    const targets = adapterTargets.filter((target) =>
      Object.keys(weights).some((name) => name.includes(`.${targetModule(target)}.`)),
    )
    return createAdapter({ rank, alpha, targets }, scale, inOrder(all, weights))
  } catch (error) {
    tf.dispose(weights)
    throw error
  }
}

const other = (name: string): string =>
  name.endsWith(adapterName("weight", "A")) ? name.replace("lora_A", "lora_B") : name.replace("lora_B", "lora_A")

const inOrder = (all: ReadonlyMap<string, unknown>, weights: Weights): Weights =>
  Object.fromEntries([...all.keys()].flatMap((name) => (weights[name] === undefined ? [] : [[name, weights[name]]])))

function readSettings(file: string): { rank: number; alpha: number; scale: number } {
  const json = readJson(file)
  const refuse = (what: string): never => {
    throw new Error(`${file}: ${what}. Plain LoRA on linear weights is computed here.`)
  }
  if (typeof json !== "object" || json === null) return refuse("not a JSON object")
  const source = json as Record<string, unknown>
  if (source.peft_type !== "LORA") refuse(`peft_type is ${JSON.stringify(source.peft_type)}, not "LORA"`)
  if ((source.bias ?? "none") !== "none") refuse(`bias is ${JSON.stringify(source.bias)}, not "none"`)
  const changing = Object.entries(source).find(([name, value]) => unsupported.has(name) && isSet(value))
  if (changing) refuse(`${changing[0]} is set`)
  const { r: rank, lora_alpha: alpha } = source
  if (typeof rank !== "number" || !Number.isInteger(rank) || rank < 1) return refuse(`r is ${JSON.stringify(rank)}`)
  if (typeof alpha !== "number" || !Number.isFinite(alpha)) return refuse(`lora_alpha is ${JSON.stringify(alpha)}`)
  return { rank, alpha, scale: alpha / (source.use_rslora === true ? Math.sqrt(rank) : rank) }
}

/** Fields of peft that change what is computed. */
const unsupported = new Set([
  ...["use_dora", "use_qalora", "use_bdlora", "fan_in_fan_out", "lora_bias", "rank_pattern", "alpha_pattern"],
  ...[
    "modules_to_save",
    "layer_replication",
    "trainable_token_indices",
    "target_parameters",
    "alora_invocation_tokens",
  ],
])

const isSet = (value: unknown): boolean =>
  typeof value === "object" && value !== null ? Object.keys(value).length > 0 : Boolean(value)

/** Writes a folder that `peft` and `loadAdapter` load; each file is replaced atomically, the config last. */
export function saveAdapter(directory: string, adapter: Adapter, base: AdapterBase): void {
  mkdirSync(directory, { recursive: true })
  writeSafetensors(
    join(directory, weightsFile),
    Object.entries(adapter.weights).map(([name, weight]) => ({
      name: `${prefix}${name}`,
      shape: weight.shape,
      data: () => weight.dataSync() as Float32Array,
    })),
    { format: "pt", base: base.name, ...(base.digest === undefined ? {} : { base_digest: base.digest }) },
  )
  writeJson(join(directory, configFile), {
    peft_type: "LORA",
    task_type: "CAUSAL_LM",
    base_model_name_or_path: base.name.replace(/^local:/, ""),
    r: adapter.rank,
    lora_alpha: adapter.alpha,
    lora_dropout: 0,
    target_modules: adapter.targets.map(targetModule),
    use_rslora: adapter.scale !== adapter.alpha / adapter.rank,
    layers_to_transform: layersOf(adapter),
    bias: "none",
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
  })
}

/** The layers that are adapted, or null where these are the first so many without a gap, as peft takes all then. */
function layersOf(adapter: Adapter): number[] | null {
  const layers = [...new Set(Object.keys(adapter.weights).map((name) => Number(/layers\.(\d+)\./.exec(name)?.[1])))]
  return layers.every((layer, index) => layer === index) ? null : layers
}
