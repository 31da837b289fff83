/** The shape of the embedded policy, a Llama of 0.43 M parameters over its own vocabulary, and how its training begins. */
import { initModel, type TransformerConfig, type TransformerModel } from "@swirl-ts/transformer"
import { tokenId } from "./tokenizer.ts"
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
 * Fresh weights. Llama does not scale its embedding up on the way in, and the same matrix gives the logits:
 * deviation .1 is a fair share of the residual stream and still gives small logits.
 */
export const initNano = (seed: number): TransformerModel => initModel(nanoConfig, `nano ${seed}`, 0.1)
