/**
 * The tensor types of ggml as f32. Invariant: the values are ggml's to the last bit: every product below is exact in a
 * double, so that the store into f32 is the one rounding, as it is there.
 */
import { halfBits, toFloat32 } from "./half.ts"

/** Turns one block at `at` of `bytes` into values from `to` on. */
type Block = (bytes: Uint8Array, at: number, values: Float32Array, to: number) => void
interface TensorType {
  /** Its number in files. */
  id: number
  blockValues: number
  blockBytes: number
  /** Absent for plain floats. */
  block?: Block
}

const bits = new Uint32Array(1)
const float = new Float32Array(bits.buffer)
function half(bytes: Uint8Array, at: number): number {
  bits[0] = halfBits(bytes[at]! | (bytes[at + 1]! << 8))
  return float[0]!
}
const signed = (byte: number): number => (byte << 24) >> 24

/** 32 values: a scale, perhaps a minimum, perhaps fifth bits, and 16 bytes whose low halves come before the high ones. */
const nibbles =
  (offset: number, hasMinimum: boolean, hasFifthBit: boolean): Block =>
  (bytes, at, values, to) => {
    const scale = half(bytes, at)
    const minimum = hasMinimum ? half(bytes, at + 2) : 0
    const fifths = at + (hasMinimum ? 4 : 2)
    const low = fifths + (hasFifthBit ? 4 : 0)
    for (let i = 0; i < 32; i++) {
      const byte = bytes[low + (i & 15)]!
      let value = i < 16 ? byte & 15 : byte >> 4
      if (hasFifthBit) value |= ((bytes[fifths + (i >> 3)]! >> (i & 7)) & 1) << 4
      const scaled = scale * (value - offset)
      values[to + i] = hasMinimum ? scaled + minimum : scaled
    }
  }

/** Eight 6-bit scales and minima in 12 bytes. */
function scaleAndMinimum(bytes: Uint8Array, at: number, index: number): [scale: number, minimum: number] {
  if (index < 4) return [bytes[at + index]! & 63, bytes[at + index + 4]! & 63]
  const both = bytes[at + index + 4]!
  return [(both & 15) | ((bytes[at + index - 4]! >> 6) << 4), (both >> 4) | ((bytes[at + index]! >> 6) << 4)]
}

/** 256 values in eight runs of 32 with a scale and a minimum each: Q4_K, and Q5_K with a fifth bit. */
const runs =
  (hasFifthBit: boolean): Block =>
  (bytes, at, values, to) => {
    const [scale, minimum, scales, fifths] = [half(bytes, at), half(bytes, at + 2), at + 4, at + 16]
    const low = hasFifthBit ? fifths + 32 : fifths
    for (let run = 0; run < 8; run++) {
      const [ownScale, ownMinimum] = scaleAndMinimum(bytes, scales, run)
      const [factor, shift] = [scale * ownScale, minimum * ownMinimum]
      for (let i = 0; i < 32; i++) {
        const byte = bytes[low + (run >> 1) * 32 + i]!
        let value = run & 1 ? byte >> 4 : byte & 15
        if (hasFifthBit) value |= ((bytes[fifths + i]! >> run) & 1) << 4
        values[to + run * 32 + i] = factor * value - shift
      }
    }
  }

const tensorTypes = {
  F32: { id: 0, blockValues: 1, blockBytes: 4 },
  F16: { id: 1, blockValues: 1, blockBytes: 2 },
  BF16: { id: 30, blockValues: 1, blockBytes: 2 },
  Q4_0: { id: 2, blockValues: 32, blockBytes: 18, block: nibbles(8, false, false) },
  Q4_1: { id: 3, blockValues: 32, blockBytes: 20, block: nibbles(0, true, false) },
  Q5_0: { id: 6, blockValues: 32, blockBytes: 22, block: nibbles(16, false, true) },
  Q5_1: { id: 7, blockValues: 32, blockBytes: 24, block: nibbles(0, true, true) },
  Q8_0: {
    id: 8,
    blockValues: 32,
    blockBytes: 34,
    block(bytes, at, values, to) {
      const scale = half(bytes, at)
      for (let i = 0; i < 32; i++) values[to + i] = scale * signed(bytes[at + 2 + i]!)
    },
  },
  Q4_K: { id: 12, blockValues: 256, blockBytes: 144, block: runs(false) },
  Q5_K: { id: 13, blockValues: 256, blockBytes: 176, block: runs(true) },
  Q6_K: {
    id: 14,
    blockValues: 256,
    blockBytes: 210,
    block(bytes, at, values, to) {
      const scale = half(bytes, at + 208)
      for (let i = 0; i < 256; i++) {
        const [side, place] = [i >> 7, i & 127]
        const low = bytes[at + side * 64 + (place & 63)]!
        const high = bytes[at + 128 + side * 32 + (place & 31)]!
        const value = (place < 64 ? low & 15 : low >> 4) | (((high >> ((place >> 5) * 2)) & 3) << 4)
        values[to + i] = scale * signed(bytes[at + 192 + (i >> 4)]!) * (value - 32)
      }
    },
  },
} satisfies Record<string, TensorType>

export type TensorTypeName = keyof typeof tensorTypes
export const tensorTypeNames = Object.keys(tensorTypes) as TensorTypeName[]
const byName: Readonly<Record<TensorTypeName, TensorType>> = tensorTypes

/** The type of a number in a file, where it is one of these. */
export const tensorTypeOf = (id: number): TensorTypeName | undefined =>
  tensorTypeNames.find((name) => byName[name].id === id)

/** Bytes of that many values; undefined where a row does not fill its blocks. */
export function bytesOfValues(type: TensorTypeName, rowLength: number, rows: number): number | undefined {
  const { blockValues, blockBytes } = byName[type]
  return rowLength % blockValues === 0 ? (rowLength / blockValues) * blockBytes * rows : undefined
}

/** The values of a tensor's bytes. */
export function dequantise(type: TensorTypeName, bytes: Buffer<ArrayBuffer>): Float32Array<ArrayBuffer> {
  if (type === "F32" || type === "F16" || type === "BF16") return toFloat32(type, bytes)
  const { blockValues, blockBytes, block } = byName[type]
  const values = new Float32Array((bytes.length / blockBytes) * blockValues)
  for (let at = 0, to = 0; at < bytes.length; at += blockBytes, to += blockValues) block!(bytes, at, values, to)
  return values
}
