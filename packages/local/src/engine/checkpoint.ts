/**
 * The local engine on disk: a Hugging Face folder that `local:` and Python open, and the optimiser's state beside it.
 * Invariant: loading gives the very weights and moments that were saved, so a resumed training repeats no rounding.
 */
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { errorMessage, SwirlError } from "@swirl-ts/core"
import {
  configToJson,
  copyWeights,
  disposeModel,
  disposeOptimiser,
  loadModel,
  loadOptimiser,
  type OptimiserState,
  openCheckpoint,
  saveModel,
  saveOptimiser,
  type TransformerModel,
} from "@swirl-ts/transformer"
import type { Policy } from "../policy.ts"

const optimiserFile = "optimizer.safetensors"

/** Optimiser first, config.json last: a folder with a config is whole. */
export function saveCheckpoint(directory: string, policy: Policy, optimiser: OptimiserState): void {
  try {
    mkdirSync(directory, { recursive: true })
    saveOptimiser(join(directory, optimiserFile), optimiser)
    saveModel(directory, policy.model, {
      tokenizerFrom: policy.directory,
      generationConfig: openCheckpoint(policy.directory).generationConfig(),
    })
  } catch (cause) {
    throw new SwirlError(`The checkpoint ${directory} cannot be written: ${errorMessage(cause)}`, { cause })
  }
}

/** Puts the saved weights into `model`, which must have the same shape, and returns the optimiser's state. */
export function loadCheckpoint(directory: string, model: TransformerModel): OptimiserState {
  let optimiser: OptimiserState | undefined
  try {
    optimiser = loadOptimiser(join(directory, optimiserFile))
    const saved = loadModel(directory)
    try {
      if (shapeText(saved) !== shapeText(model)) {
        throw new SwirlError("its config.json differs from that of the policy in training")
      }
      copyWeights(saved, model)
    } finally {
      disposeModel(saved)
    }
    return optimiser
  } catch (cause) {
    if (optimiser) disposeOptimiser(optimiser)
    throw new SwirlError(`The checkpoint ${directory} cannot be loaded: ${errorMessage(cause)}`, { cause })
  }
}

const shapeText = ({ config }: TransformerModel): string =>
  JSON.stringify(configToJson({ ...config, otherFields: undefined }))
