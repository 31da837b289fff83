/** Events as TensorBoard reads them: TFRecord frames around the protobuf message `Event`, of which scalars are all that is needed. */
import { maskedCrc32c } from "./crc32c.ts"

export interface ScalarEvent {
  /** Seconds since 1970. */
  wallTime: number
  step: number
  scalars: Readonly<Record<string, number>>
}

/** The first frame of every file. */
export const fileVersionFrame = (wallTime: number): Buffer =>
  frame(Buffer.concat([doubleField(1, wallTime), bytesField(3, Buffer.from("brain.Event:2"))]))

export function scalarFrame({ wallTime, step, scalars }: ScalarEvent): Buffer {
  const values = Object.entries(scalars).map(([tag, value]) =>
    bytesField(1, Buffer.concat([bytesField(1, Buffer.from(tag)), floatField(2, value)])),
  )
  const summary = bytesField(5, Buffer.concat(values))
  return frame(Buffer.concat([doubleField(1, wallTime), varint(2 << 3), varint(step), summary]))
}

/** Length, its checksum, data, its checksum. */
function frame(data: Buffer): Buffer {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(data.length))
  return Buffer.concat([length, checksum(length), data, checksum(data)])
}

function checksum(bytes: Buffer): Buffer {
  const four = Buffer.alloc(4)
  four.writeUInt32LE(maskedCrc32c(bytes))
  return four
}

function doubleField(field: number, value: number): Buffer {
  const eight = Buffer.alloc(8)
  eight.writeDoubleLE(value)
  return Buffer.concat([varint((field << 3) | 1), eight])
}

function floatField(field: number, value: number): Buffer {
  const four = Buffer.alloc(4)
  four.writeFloatLE(value)
  return Buffer.concat([varint((field << 3) | 5), four])
}

const bytesField = (field: number, bytes: Buffer): Buffer =>
  Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes])

function varint(value: number): Buffer {
  const bytes: number[] = []
  let left = value
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) | 128)
  return Buffer.from([...bytes, left])
}
