/**
 * The header of a GGUF file: metadata, and which tensor lies where. Invariant: every tensor of a header that was read has
 * a type that is known here and lies within the file.
 */
import type { OpenFile } from "./file-range.ts"
import { bytesOfValues, type TensorTypeName, tensorTypeNames, tensorTypeOf } from "./gguf-blocks.ts"

export type GgufValue = string | number | boolean | readonly GgufValue[]
interface GgufTensor {
  name: string
  type: TensorTypeName
  /** As everybody but ggml writes it: rows before columns. */
  shape: readonly number[]
  /** Byte offsets from the start of the file. */
  start: number
  end: number
}
export interface GgufHeader {
  file: string
  metadata: ReadonlyMap<string, GgufValue>
  tensors: ReadonlyMap<string, GgufTensor>
}

const windowBytes = 1 << 20

/** What other tensor types are called, for the sentence that refuses them. */
// biome-ignore format: a table
const otherTypes: Readonly<Record<number, string>> = {
  9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S",
  20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64",
  29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4",
}

/** Reads the header of a file; an Error names the file and what is wrong with it. */
export function readGgufHeader(open: OpenFile): GgufHeader {
  const { file } = open
  const bad = (what: string): never => {
    throw new Error(`${file}: not a readable GGUF file: ${what}.`)
  }
  if (open.size < 4 || open.read(0, 4).toString("latin1") !== "GGUF") bad('it does not begin with "GGUF"')
  const at = cursor(open, 4, bad)
  const version = at.uint32()
  if ((version & 0xffff) === 0) bad("it is big-endian; convert it to little-endian first")
  if (version !== 2 && version !== 3) bad(`it has version ${version}; 2 and 3 are supported`)
  const [tensorCount, valueCount] = [at.size(), at.size()]
  const metadata = new Map<string, GgufValue>()
  for (let i = 0; i < valueCount; i++) {
    const name = at.text()
    metadata.set(name, at.value(at.uint32(), name))
  }
  const infos = []
  for (let i = 0; i < tensorCount; i++) {
    const name = at.text()
    const dimensions = at.uint32()
    if (dimensions > 4) bad(`tensor ${name} has ${dimensions} dimensions`)
    const shape = Array.from({ length: dimensions }, () => at.size()).reverse()
    infos.push({ name, shape, type: at.uint32(), offset: at.size() })
  }
  const alignment = metadata.get("general.alignment") ?? 32
  if (typeof alignment !== "number" || alignment < 1 || (alignment & (alignment - 1)) !== 0)
    bad(`its alignment is ${JSON.stringify(alignment)}, not a power of two`)
  const data = Math.ceil(at.position() / (alignment as number)) * (alignment as number)
  const tensors = new Map<string, GgufTensor>()
  for (const { name, shape, type: id, offset } of infos) {
    const type = tensorTypeOf(id)
    if (!type)
      return bad(
        `tensor ${name} has type ${otherTypes[id] ?? `number ${id}`}; ${tensorTypeNames.join(", ")} are supported`,
      )
    const bytes = bytesOfValues(
      type,
      shape.at(-1) ?? 1,
      shape.slice(0, -1).reduce((a, b) => a * b, 1),
    )
    if (bytes === undefined)
      return bad(`tensor ${name} of type ${type} has rows of ${shape.at(-1)}, which are no whole blocks`)
    const [start, end] = [data + offset, data + offset + bytes]
    if (end > open.size) bad(`it is truncated: tensor ${name} ends at byte ${end}, the file has ${open.size}`)
    if (tensors.has(name)) bad(`tensor ${name} is there twice`)
    tensors.set(name, { name, type, shape, start, end })
  }
  return { file, metadata, tensors }
}

/** Reads the header's values one after the other, through a window on the file. */
function cursor(open: OpenFile, from: number, bad: (what: string) => never) {
  let start = from
  let window = Buffer.alloc(0)
  let at = 0
  /** Makes `bytes` bytes readable at once and returns where they are in the window. */
  const take = (bytes: number): number => {
    if (at + bytes > window.length) {
      start += at
      at = 0
      if (start + bytes > open.size)
        bad(`it is truncated: its header goes on to byte ${start + bytes}, the file has ${open.size}`)
      window = open.read(start, Math.min(open.size, start + Math.max(bytes, windowBytes)))
    }
    at += bytes
    return at - bytes
  }
  const uint32 = (): number => {
    const place = take(4)
    return window.readUInt32LE(place)
  }
  /** A count or length. */
  const size = (): number => {
    const place = take(8)
    const value = Number(window.readBigUInt64LE(place))
    return Number.isSafeInteger(value) ? value : bad(`its header claims a size of ${value}`)
  }
  const text = (): string => {
    const length = size()
    const place = take(length)
    return window.toString("utf8", place, place + length)
  }
  const scalar = (bytes: number, read: (buffer: Buffer, place: number) => number) => (): number => {
    const place = take(bytes)
    return read(window, place)
  }
  const scalars: readonly (() => string | number | boolean)[] = [
    scalar(1, (buffer, place) => buffer.readUInt8(place)),
    scalar(1, (buffer, place) => buffer.readInt8(place)),
    scalar(2, (buffer, place) => buffer.readUInt16LE(place)),
    scalar(2, (buffer, place) => buffer.readInt16LE(place)),
    uint32,
    scalar(4, (buffer, place) => buffer.readInt32LE(place)),
    scalar(4, (buffer, place) => buffer.readFloatLE(place)),
    () => window[take(1)] !== 0,
    text,
    () => bad("an array is where a scalar should be"),
    scalar(8, (buffer, place) => Number(buffer.readBigUInt64LE(place))),
    scalar(8, (buffer, place) => Number(buffer.readBigInt64LE(place))),
    scalar(8, (buffer, place) => buffer.readDoubleLE(place)),
  ]
  const value = (type: number, name: string): GgufValue => {
    if (type === 9) {
      const [itemType, length] = [uint32(), size()]
      if (length > open.size) bad(`its header claims ${length} values of ${name}`)
      const items: GgufValue[] = []
      for (let i = 0; i < length; i++) items.push(value(itemType, name))
      return items
    }
    const read = scalars[type] ?? bad(`${name} has the value type ${type}, which there is none of`)
    return read()
  }
  return { uint32, size, text, value, position: () => start + at }
}
