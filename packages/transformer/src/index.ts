// A decoder-only Llama transformer on TensorFlow.js: load, tokenise, generate, log-probabilities, gradients, save.

export { type BackendName, type BackendStatus, backendStatus, initBackend } from "./backend.ts"
export { hashSeed, uniform } from "./counter-random.ts"
export { type Decoder, type DecoderOptions, type Generation, type GenerationRequest, makeDecoder } from "./decoder.ts"
export { forward } from "./forward.ts"
export {
  evaluateGroups,
  type ForwardBackwardOptions,
  type ForwardBackwardResult,
  forwardBackward,
  forwardBackwardRows,
  logProbabilities,
} from "./forward-backward.ts"
export { generate } from "./generate.ts"
export { accumulate, clearGradients, type Gradients, globalNorm, makeGradients } from "./gradients.ts"
export { loadModel, type SaveExtras, saveModel } from "./model-folder.ts"
export { installNativeBackend, type NativeInstallOptions } from "./native-install.ts"
export { type AdamOptions, adamStep, disposeOptimizer, makeOptimizer, type OptimizerState } from "./optimiser.ts"
export { loadOptimizer, saveOptimizer } from "./optimiser-file.ts"
export type { PackedAction, PackedGroup, TrainingRow } from "./packing.ts"
export { countParameters, parameterNames, parameterShapes } from "./parameters.ts"
export { makePrefixCache, type PrefixCache } from "./prefix-cache.ts"
export { readSafetensors, readSafetensorsHeader, type TensorEntry, writeSafetensors } from "./safetensors.ts"
export { learningRateAt, type Schedule } from "./schedule.ts"
export { type Sample, type SamplingOptions, sampleToken } from "./token-sampling.ts"
export {
  type ChatMessage,
  type ChatTemplateOptions,
  loadTokenizer,
  makeTokenizer,
  type Tokenizer,
  type TokenizerSource,
} from "./tokenizer.ts"
export { configToJson, parseConfig, type TransformerConfig } from "./transformer-config.ts"
export {
  cloneModel,
  copyWeights,
  disposeModel,
  initModel,
  replaceWeight,
  type TransformerModel,
  type Weights,
} from "./transformer-model.ts"
export { rowToGroup } from "./weighted-sequence.ts"
