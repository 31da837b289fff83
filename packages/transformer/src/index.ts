export {
  type Adapter,
  type AdapterSettings,
  type AdapterTarget,
  adapterTargets,
  disposeAdapter,
  initAdapter,
} from "./adapter.ts"
export { loadAdapter, saveAdapter } from "./adapter-folder.ts"
export { type BackendName, type BackendStatus, backendStatus, initBackend } from "./backend.ts"
export type { ChatTemplateOptions, TemplateMessage } from "./chat-template.ts"
export { type Checkpoint, openCheckpoint } from "./checkpoint.ts"
export { choosePrecision, type PrecisionChoice } from "./choose-precision.ts"
export { configToJson } from "./config-json.ts"
export {
  createDecoder,
  type Decoder,
  type DecoderOptions,
  type GeneratedSequence,
  type GenerationRequest,
  generateSequences,
} from "./decoder.ts"
export { forward } from "./forward.ts"
export {
  evaluateLoss,
  type ForwardBackwardOptions,
  type ForwardBackwardResult,
  forwardBackward,
  logProbabilities,
} from "./forward-backward.ts"
export { freeOnFailure } from "./free-on-failure.ts"
export { accumulate, clearGradients, createGradients, type Gradients } from "./gradients.ts"
export { mergeAdapters } from "./merge-adapters.ts"
export { loadModel, type Precision, readConfig, type SaveExtras, saveModel } from "./model-folder.ts"
export { type InstalledNative, installNativeBackend, type NativeInstallOptions } from "./native/install.ts"
export { MissingPrerequisite } from "./native/install-prerequisites.ts"
export type { NativeDevice } from "./native/package.ts"
export { type AdamStepOptions, adamStep, createOptimiser, disposeOptimiser, type OptimiserState } from "./optimiser.ts"
export { loadOptimiser, saveOptimiser } from "./optimiser-file.ts"
export type { StateActions, WeightedAction } from "./packing.ts"
export { countParameters } from "./parameters.ts"
export { createPrefixCache, type PrefixCache } from "./prefix-cache.ts"
export { readSafetensors, type SafetensorsHeader, type TensorEntry, writeSafetensors } from "./safetensors.ts"
export { prefillBytes, tokenBudgetOf, traceBytes } from "./token-budget.ts"
export type { SamplingOptions } from "./token-sampling.ts"
export {
  createTokenizer,
  // The name that checks outside this repository call; in here it is `createTokenizer`.
  createTokenizer as makeTokenizer,
  loadTokenizer,
  type Tokenizer,
} from "./tokenizer.ts"
export type { TokenizerSource } from "./tokenizer-source.ts"
export type { TransformerConfig } from "./transformer-config.ts"
export {
  cloneModel,
  copyWeights,
  disposeModel,
  initModel,
  replaceWeight,
  type TransformerModel,
  type Weights,
  withAdapter,
  withoutTrained,
} from "./transformer-model.ts"
export type { Weight } from "./weight.ts"
export { stateActionsOf, type WeightedSequence } from "./weighted-sequence.ts"
