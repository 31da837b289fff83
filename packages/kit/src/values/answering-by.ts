/** A model around another: what it is and can stays, its answers are given by `doGenerate`. It may be an object of any class. */
import type { LanguageModel } from "@swirl-ts/core"

export function answeringBy(model: LanguageModel, doGenerate: LanguageModel["doGenerate"]): LanguageModel {
  const { specificationVersion, provider, modelId, conversation } = model
  return {
    specificationVersion,
    provider,
    modelId,
    conversation,
    score: model.score && ((...given) => model.score!(...given)),
    doGenerate,
  }
}
