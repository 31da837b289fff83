/**
 * A batch of packed sequences as the tensors the layers share: ids, rotations, mask. Sequences are padded on the right.
 */
import * as tf from "@tensorflow/tfjs-core"
import { createBlocks, disposeBlocks } from "./block-attention.ts"
import { kernelsFor } from "./kernels.ts"
import type { BatchShape } from "./layer.ts"
import { branches, endsOf, maskOf } from "./mask.ts"
import type { PackedSequence, PackedTarget } from "./packing.ts"
import { createRotations, disposeRotations } from "./rotary.ts"
import type { TransformerConfig } from "./transformer-config.ts"
import type { Piece } from "./trunk-plan.ts"

export interface PackedBatch extends BatchShape {
  ids: tf.Tensor1D
  /** Targets of all sequences; `source` is a row of the flattened batch. */
  targets: readonly PackedTarget[]
  /** For every sequence, the index of its first target. */
  firstTarget: readonly number[]
}

/** Builds the tensors; free them with `disposePackedBatch`. Throws where an id or a position is outside the model. */
export function createPackedBatch(config: TransformerConfig, sequences: readonly PackedSequence[]): PackedBatch {
  const length = Math.max(...sequences.map((sequence) => sequence.tokenIds.length))
  const ids = new Int32Array(sequences.length * length)
  const positions = new Int32Array(sequences.length * length)
  const targets: PackedTarget[] = []
  const firstTarget: number[] = []
  sequences.forEach((sequence, b) => {
    for (const id of sequence.tokenIds) checkId(config, id)
    ids.set(sequence.tokenIds, b * length)
    positions.set(sequence.positions, b * length)
    firstTarget.push(targets.length)
    for (const target of sequence.targets) {
      checkId(config, target.tokenId)
      targets.push({ ...target, source: b * length + target.source })
    }
  })
  return {
    batch: sequences.length,
    length,
    ids: tf.tensor1d(ids, "int32"),
    rotations: createRotations(config, positions),
    ...visibility(config, sequences, length),
    targets,
    firstTarget,
  }
}

/** Stands where a trunk predicts nothing by itself, as no tensor may be empty. It weighs nothing. */
const noTarget: PackedTarget = { source: 0, tokenId: 0, coefficient: 0, count: 0 }

/** The tensors of one piece of a trie, whose rows attend block by block. */
export function createPieceBatch(config: TransformerConfig, piece: Piece): PackedBatch {
  for (const id of [...piece.tokenIds, ...piece.targets.map((target) => target.tokenId)]) checkId(config, id)
  return {
    batch: 1,
    length: piece.tokenIds.length,
    ids: tf.tensor1d([...piece.tokenIds], "int32"),
    rotations: createRotations(config, piece.positions),
    blocks: createBlocks(config, piece.blocks, piece.positions),
    targets: piece.targets.length > 0 ? piece.targets : [noTarget],
    firstTarget: [0],
  }
}

function visibility(
  config: TransformerConfig,
  sequences: readonly PackedSequence[],
  length: number,
): Pick<PackedBatch, "mask" | "slidingMask" | "ends"> {
  if (kernelsFor(config) === undefined) {
    const additive = (window?: number): tf.Tensor4D => {
      const { data, batch } = maskOf(sequences, length, window)
      return tf.tensor4d(data, [batch, 1, length, length])
    }
    const { slidingWindow: window = length } = config
    return { mask: additive(), slidingMask: window < length ? additive(window) : undefined }
  }
  if (!branches(sequences)) return {}
  return { ends: tf.tensor2d(endsOf(sequences, length), [sequences.length, length], "int32") }
}

export function checkId(config: TransformerConfig, id: number): void {
  if (!Number.isInteger(id) || id < 0 || id >= config.vocabularySize)
    throw new Error(
      `Token id ${id} is outside the vocabulary of ${config.vocabularySize}: model and tokenizer do not belong together.`,
    )
}

export function disposePackedBatch(batch: PackedBatch): void {
  if (batch.blocks !== undefined) disposeBlocks(batch.blocks)
  tf.dispose([batch.ids, batch.mask ?? [], batch.slidingMask ?? [], batch.ends ?? []])
  disposeRotations(batch.rotations)
}
