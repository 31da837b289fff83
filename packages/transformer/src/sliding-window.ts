/** Which layers look back over a window only, and how config.json says it: `layer_types`, or a rule of the family. */
import type { ConfigFields, Json } from "./config-fields.ts"
import type { TransformerConfig } from "./transformer-config.ts"

type Windows = Pick<TransformerConfig, "slidingWindow" | "slidingLayers">

const sliding = "sliding_attention"
const full = "full_attention"

/** `byRule` says which layers slide where `layer_types` is missing. */
export function readWindows(fields: ConfigFields, byRule: (layer: number) => boolean): Windows {
  const layers = fields.size("num_hidden_layers")
  const types = fields.source.layer_types ?? Array.from({ length: layers }, (_, i) => (byRule(i) ? sliding : full))
  if (!Array.isArray(types) || types.length !== layers)
    return fields.refuse(`layer_types should name the types of ${layers} layers, got ${JSON.stringify(types)}`)
  const unknown = types.find((type) => type !== sliding && type !== full)
  if (unknown !== undefined) return fields.refuse(`layer_types has ${JSON.stringify(unknown)}, which is not supported`)
  if (!types.includes(sliding)) return {}
  return { slidingWindow: fields.size("sliding_window"), slidingLayers: types.map((type) => type === sliding) }
}

export const writeWindows = (config: TransformerConfig): Json => ({
  layer_types: Array.from({ length: config.layers }, (_, layer) => (isSliding(config, layer) ? sliding : full)),
  ...(config.slidingWindow === undefined ? {} : { sliding_window: config.slidingWindow }),
})

/** Does this layer look back over a window only? */
export const isSliding = (config: TransformerConfig, layer: number): boolean => config.slidingLayers?.[layer] === true
