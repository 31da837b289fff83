/**
 * The local engine on disk: a Hugging Face folder that `local:` and Python open, and the optimiser's state beside it.
 * Invariant: loading gives the very weights and moments that were saved, so a resumed training repeats no rounding.
 */
import { errorMessage, SwirlError } from "@swirl-ts/core"
import { join, mkdirSync } from "@swirl-ts/platform"
import {
  type AdapterSettings,
  configToJson,
  copyWeights,
  disposeAdapter,
  disposeModel,
  disposeOptimiser,
  loadAdapter,
  loadModel,
  loadOptimiser,
  type OptimiserState,
  saveAdapter,
  saveModel,
  saveOptimiser,
  type TransformerModel,
  withAdapter,
} from "@swirl-ts/transformer"
import type { Policy } from "../policy.ts"

const optimiserFile = "optimizer.safetensors"

/** Optimiser first, the config last: a folder with one is whole. Of a model with a trained adapter that alone is written, as peft does. */
export function saveCheckpoint(directory: string, policy: Policy, optimiser: OptimiserState): void {
  try {
    mkdirSync(directory, { recursive: true })
    saveOptimiser(join(directory, optimiserFile), optimiser)
    const { trained } = policy.model
    if (trained !== undefined) {
      saveAdapter(directory, trained, policy.base ?? { name: `local:${policy.directory}` })
      return
    }
    saveModel(directory, policy.model, { tokenizerFrom: policy.directory })
  } catch (cause) {
    throw new SwirlError(`The checkpoint ${directory} cannot be written: ${errorMessage(cause)}`, { cause })
  }
}

/** Puts the saved weights into `model`, which must have the same shape, and returns the optimiser's state. */
export function loadCheckpoint(directory: string, model: TransformerModel): OptimiserState {
  let optimiser: OptimiserState | undefined
  try {
    optimiser = loadOptimiser(join(directory, optimiserFile))
    if (model.trained !== undefined) {
      loadTrained(directory, model, model.trained)
      return optimiser
    }
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

function loadTrained(directory: string, model: TransformerModel, trained: AdapterSettings): void {
  const saved = loadAdapter(directory, model.config)
  try {
    if (settingsText(saved) !== settingsText(trained))
      throw new SwirlError("its adapter has another rank, alpha or other targets than the one in training")
    copyWeights(withAdapter(model, saved, true), model)
  } finally {
    disposeAdapter(saved)
  }
}

const settingsText = ({ rank, alpha, targets }: AdapterSettings): string =>
  JSON.stringify([rank, alpha, [...targets].sort()])

const shapeText = ({ config }: TransformerModel): string =>
  JSON.stringify(configToJson({ ...config, otherFields: undefined }))
