/**
 * Gemma 3, its text part: as Gemma 2 with normed queries and keys in place of capped scores, windows in all layers but
 * every sixth, and a rotary base of its own in those with a window.
 */
import type { ConfigFields } from "../config-fields.ts"
import { readRopesByLayer, writeParameters, writeRope } from "../rope.ts"
import { readWindows } from "../sliding-window.ts"
import type { Family } from "./family.ts"
import { gemma2, readGemma, writeGemma } from "./gemma2.ts"

export const gemma3: Family = {
  modelType: "gemma3_text",
  architecture: "Gemma3ForCausalLM",
  activationField: "hidden_activation",
  defaults: {
    ...gemma2.defaults,
    vocab_size: 262_208,
    hidden_size: 2304,
    intermediate_size: 9216,
    num_hidden_layers: 26,
    max_position_embeddings: 131_072,
    attn_logit_softcapping: null,
    final_logit_softcapping: null,
  },
  read(fields) {
    if (fields.optional("attn_logit_softcapping") !== undefined)
      fields.refuse("attn_logit_softcapping is not supported in Gemma 3, as transformers does not compute it")
    const ropes = readRopesByLayer(fields, 1_000_000, 10_000)
    return {
      ...readGemma(fields),
      ...readWindows(fields, (layer) => (layer + 1) % period(fields) !== 0),
      queryKeyNorms: true,
      ropeTheta: ropes.full.theta,
      ropeScaling: ropes.full.scaling,
      slidingRope: ropes.sliding,
    }
  },
  write(config) {
    const rope = { theta: config.ropeTheta, scaling: config.ropeScaling }
    const sliding = config.slidingRope ?? rope
    return {
      ...writeGemma(config),
      rope_local_base_freq: sliding.theta,
      ...writeRope(rope, { full_attention: writeParameters(rope), sliding_attention: writeParameters(sliding) }),
    }
  },
}

const period = (fields: ConfigFields): number => fields.size("sliding_window_pattern", 6)
