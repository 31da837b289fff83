/** The shape of the embedded policy, a Llama of 0.43 M parameters over its own vocabulary, and how its training begins. */
import { initModel, replaceWeight, type TransformerConfig, type TransformerModel } from "@swirl-ts/transformer"
import * as tf from "@tensorflow/tfjs-core"
import { tokenId } from "./nano-tokenizer.ts"
import { vocabulary } from "./vocabulary.ts"

export const nanoConfig: TransformerConfig = {
  vocabularySize: vocabulary.length,
  hiddenSize: 96,
  layers: 4,
  heads: 4,
  keyValueHeads: 2,
  headSize: 24,
  innerSize: 256,
  maxPositions: 320,
  ropeTheta: 10_000,
  normEpsilon: 1e-5,
  tiedEmbeddings: true,
  endTokenIds: [tokenId("<end>")],
}

/**
 * Fresh weights. Llama neither scales its embedding up on the way in nor down on the way out; so the tied embedding
 * begins at deviation .32, a fair share of the residual stream, and the final norm at .1, which gives small logits.
 */
export function initNano(seed: number): TransformerModel {
  const model = initModel(nanoConfig, `nano ${seed}`, 0.32)
  replaceWeight(model, "model.norm.weight", tf.fill([nanoConfig.hiddenSize], 0.1))
  return model
}
