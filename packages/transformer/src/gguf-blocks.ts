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
    // A minimum of -0 changes no product, not even its sign.
    const minimum = hasMinimum ? half(bytes, at + 2) : -0
    const fifths = at + (hasMinimum ? 4 : 2)
    const low = fifths + (hasFifthBit ? 4 : 0)
    const fifthBits = hasFifthBit
      ? bytes[fifths]! | (bytes[fifths + 1]! << 8) | (bytes[fifths + 2]! << 16) | (bytes[fifths + 3]! << 24)
      : 0
    for (let i = 0; i < 16; i++) {
      const byte = bytes[low + i]!
      const first = (byte & 15) | (((fifthBits >>> i) & 1) << 4)
      const second = (byte >> 4) | (((fifthBits >>> (i + 16)) & 1) << 4)
      values[to + i] = scale * (first - offset) + minimum
      values[to + i + 16] = scale * (second - offset) + minimum
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
      const [from, into, right] = [low + (run >> 1) * 32, to + run * 32, (run & 1) * 4]
      for (let i = 0; i < 32; i++) {
        const fifth = hasFifthBit ? ((bytes[fifths + i]! >> run) & 1) << 4 : 0
        values[into + i] = factor * (((bytes[from + i]! >> right) & 15) | fifth) - shift
      }
    }
  }

/** 256 values in sixteen runs of 16 with a scale each: four low bits and two high ones of every value lie apart. */
const sixBits: Block = (bytes, at, values, to) => {
  const scale = half(bytes, at + 208)
  for (let run = 0; run < 16; run++) {
    const factor = scale * signed(bytes[at + 192 + run]!)
    // Of the eight runs of a half of the block, the first four have the low bits of a byte; the high bits go round by two.
    const [side, inSide] = [run >> 3, run & 7]
    const low = at + side * 64 + (inSide & 3) * 16
    const high = at + 128 + side * 32 + (inSide & 1) * 16
    const [lowRight, highRight] = [(inSide >> 2) * 4, (inSide >> 1) * 2]
    for (let i = 0; i < 16; i++)
      values[to + run * 16 + i] =
        factor * ((((bytes[low + i]! >> lowRight) & 15) | (((bytes[high + i]! >> highRight) & 3) << 4)) - 32)
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
  Q6_K: { id: 14, blockValues: 256, blockBytes: 210, block: sixBits },
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
