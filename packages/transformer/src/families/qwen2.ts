/** Qwen 2 and 2.5: biases at queries, keys and values; a window in the upper layers, if `use_sliding_window` says so. */
import { queryKeyValueBiases } from "../biases.ts"
import type { ConfigFields, Json } from "../config-fields.ts"
import { readWindows, writeWindows } from "../sliding-window.ts"
import type { TransformerConfig } from "../transformer-config.ts"
import type { Family } from "./family.ts"

export const qwen2: Family = {
  modelType: "qwen2",
  architecture: "Qwen2ForCausalLM",
  activationField: "hidden_act",
  defaults: { hidden_act: "silu", max_position_embeddings: 32_768, num_key_value_heads: 32 },
  read: (fields) => ({ biases: queryKeyValueBiases, ...readUpperWindows(fields) }),
  write: writeUpperWindows,
}

/** Windows count only where `use_sliding_window` is true, and then from layer `max_window_layers` on. */
export function readUpperWindows(fields: ConfigFields): Partial<TransformerConfig> {
  const { use_sliding_window, sliding_window, max_window_layers } = fields.source
  const used = use_sliding_window === true && sliding_window !== null
  const first = typeof max_window_layers === "number" ? max_window_layers : 28
  const windows = readWindows(fields, (layer) => used && layer >= first)
  if (windows.slidingLayers !== undefined && !used)
    fields.refuse("layer_types has sliding_attention, but use_sliding_window is not true")
  return windows
}

export function writeUpperWindows(config: TransformerConfig): Json {
  return config.slidingLayers === undefined ? {} : { use_sliding_window: true, ...writeWindows(config) }
}
