/**
 * The tensors of a GGUF file under their Hugging Face names and as those hold them: rows of q and k unpermuted where
 * `llama` interleaves the halves of a head, Gemma's norms without the 1 that was added.
 */
import type { OpenFile } from "./file-range.ts"
import { dequantise } from "./gguf-blocks.ts"
import { ggufArchitecture } from "./gguf-config.ts"
import type { GgufHeader } from "./gguf-header.ts"
import type { Weight } from "./weight.ts"

/** Not a weight: it says how positions are scaled. */
export const ropeFactorsName = "rope_freqs.weight"

const outside: Readonly<Record<string, string>> = {
  token_embd: "model.embed_tokens",
  output_norm: "model.norm",
  output: "lm_head",
}
const inLayer: Readonly<Record<string, string>> = {
  attn_norm: "input_layernorm",
  attn_q: "self_attn.q_proj",
  attn_k: "self_attn.k_proj",
  attn_v: "self_attn.v_proj",
  attn_output: "self_attn.o_proj",
  attn_q_norm: "self_attn.q_norm",
  attn_k_norm: "self_attn.k_norm",
  ffn_norm: "post_attention_layernorm",
  ffn_gate: "mlp.gate_proj",
  ffn_up: "mlp.up_proj",
  ffn_down: "mlp.down_proj",
}
/** Gemma has norms after each part too, and the name of Llama's second norm means another one. */
const inGemmaLayer: Readonly<Record<string, string>> = {
  ...inLayer,
  post_attention_norm: "post_attention_layernorm",
  ffn_norm: "pre_feedforward_layernorm",
  post_ffw_norm: "post_feedforward_layernorm",
}

/** The Hugging Face name of a tensor; what has none keeps its own, to be refused by it. */
function huggingFaceName(name: string, architecture: string): string {
  const [, layer, part, kind] = /^(?:blk\.(\d+)\.)?(.+)\.(weight|bias)$/.exec(name) ?? []
  const parts = layer === undefined ? outside : architecture.startsWith("gemma") ? inGemmaLayer : inLayer
  const found = part === undefined ? undefined : parts[part]
  if (found === undefined) return name
  return layer === undefined ? `${found}.${kind}` : `model.layers.${layer}.${found}.${kind}`
}

/** Reads tensor after tensor. */
export function* ggufWeights(
  open: OpenFile,
  header: GgufHeader,
  config: Readonly<Record<string, unknown>>,
  wanted: (name: string) => boolean,
): Generator<Weight> {
  const architecture = ggufArchitecture(header)
  for (const { name: ownName, type, shape, start, end } of header.tensors.values()) {
    const name = huggingFaceName(ownName, architecture)
    if (ownName === ropeFactorsName || !wanted(name)) continue
    const data = dequantise(type, open.read(start, end))
    if (architecture.startsWith("gemma") && name.endsWith("norm.weight"))
      for (let i = 0; i < data.length; i++) data[i]! -= 1
    const heads = architecture === "llama" ? headsOf(name, config) : undefined
    yield { name, file: header.file, shape, data: heads === undefined ? data : withHalvesApart(data, shape, heads) }
  }
}

/** How many heads share the rows of a query or key matrix. */
function headsOf(name: string, config: Readonly<Record<string, unknown>>): number | undefined {
  if (/\.q_proj\./.test(name)) return Number(config.num_attention_heads)
  if (/\.k_proj\./.test(name)) return Number(config.num_key_value_heads)
  return undefined
}

/** Rows 0, 2, 4, … of a head become its first half, the others its second. */
function withHalvesApart(
  data: Float32Array<ArrayBuffer>,
  shape: readonly number[],
  heads: number,
): Float32Array<ArrayBuffer> {
  const rows = shape[0] ?? 0
  const [perHead, width] = [rows / heads, data.length / rows]
  const apart = new Float32Array(data.length)
  for (let row = 0; row < rows; row++) {
    const inHead = row % perHead
    const to = row - inHead + (inHead % 2) * (perHead / 2) + (inHead >> 1)
    apart.set(data.subarray(row * width, (row + 1) * width), to * width)
  }
  return apart
}
