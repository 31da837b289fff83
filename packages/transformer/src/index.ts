// A decoder-only Llama transformer on TensorFlow.js: load, tokenise, generate, log-probabilities, gradients, save.

export { type BackendName, type BackendStatus, backendStatus, initBackend } from "./backend.ts"
export { loadModel, type SaveExtras, saveModel } from "./checkpoint.ts"
export { configToJson, parseConfig, type TransformerConfig } from "./config.ts"
export { type Decoder, type DecoderOptions, type Generation, type GenerationRequest, makeDecoder } from "./decoder.ts"
export { forward } from "./forward.ts"
export { generate } from "./generate.ts"
export { accumulate, clearGradients, type Gradients, globalNorm, makeGradients } from "./gradients.ts"
export {
  cloneModel,
  copyWeights,
  disposeModel,
  initModel,
  replaceWeight,
  type TransformerModel,
  type Weights,
} from "./model.ts"
export { installNativeBackend, type NativeInstallOptions } from "./native-install.ts"
export { type AdamOptions, adamStep, disposeOptimizer, makeOptimizer, type OptimizerState } from "./optimizer.ts"
export { loadOptimizer, saveOptimizer } from "./optimizer-file.ts"
export type { PackedAction, PackedGroup, TrainingRow } from "./packing.ts"
export { countParameters, parameterNames, parameterShapes } from "./parameters.ts"
export { makePrefixCache, type PrefixCache } from "./prefix-cache.ts"
export { hashSeed, uniform } from "./random.ts"
export { rowToGroup } from "./rows.ts"
export { readSafetensors, readSafetensorsHeader, type TensorEntry, writeSafetensors } from "./safetensors.ts"
export { type Sample, type SamplingOptions, sampleToken } from "./sampling.ts"
export { learningRateAt, type Schedule } from "./schedule.ts"
export {
  type ChatMessage,
  type ChatTemplateOptions,
  loadTokenizer,
  makeTokenizer,
  type Tokenizer,
  type TokenizerSource,
} from "./tokenizer.ts"
export {
  evaluateGroups,
  type ForwardBackwardOptions,
  type ForwardBackwardResult,
  forwardBackward,
  forwardBackwardRows,
  logProbabilities,
} from "./training.ts"
