/** Writes small GGUF files for tests, with what is wrong in them where a test asks for it. */
import { writeFileSync } from "node:fs"

export type Metadata = Readonly<
  Record<string, string | boolean | number | readonly string[] | readonly number[] | readonly boolean[]>
>
export interface GgufContent {
  version?: number
  alignment?: number
  metadata?: Metadata
  /** `values` are written as F32; a `type` of another number has none. */
  tensors?: Readonly<Record<string, { shape: readonly number[]; values?: readonly number[]; type?: number }>>
}

/** Whole numbers become int32, others float32. */
export function writeGguf(file: string, { version = 3, alignment, metadata = {}, tensors = {} }: GgufContent): void {
  const parts: Buffer[] = []
  const uint32 = (value: number) => parts.push(Buffer.from(Uint32Array.of(value).buffer))
  const size = (value: number) => parts.push(Buffer.from(BigUint64Array.of(BigInt(value)).buffer))
  const text = (value: string) => {
    const bytes = Buffer.from(value)
    size(bytes.length)
    parts.push(bytes)
  }
  const number = (value: number) =>
    parts.push(Buffer.from((Number.isInteger(value) ? Int32Array : Float32Array).of(value).buffer))
  parts.push(Buffer.from("GGUF"))
  uint32(version)
  const values = Object.entries(metadata)
  size(Object.keys(tensors).length)
  size(values.length + (alignment === undefined ? 0 : 1))
  if (alignment !== undefined) {
    text("general.alignment")
    uint32(4)
    uint32(alignment)
  }
  const typeOf = (value: string | number | boolean) =>
    typeof value === "string" ? 8 : typeof value === "boolean" ? 7 : Number.isInteger(value) ? 5 : 6
  const write = (value: string | number | boolean) => {
    if (typeof value === "string") text(value)
    else if (typeof value === "boolean") parts.push(Buffer.of(value ? 1 : 0))
    else number(value)
  }
  for (const [name, value] of values) {
    text(name)
    if (typeof value === "object") {
      uint32(9)
      const type = value.some((item) => typeof item === "number" && !Number.isInteger(item))
        ? 6
        : typeOf(value[0] ?? "")
      uint32(type)
      size(value.length)
      for (const item of value)
        if (type === 6) parts.push(Buffer.from(Float32Array.of(Number(item)).buffer))
        else write(item)
    } else {
      uint32(typeOf(value))
      write(value)
    }
  }
  const data: Buffer[] = []
  let offset = 0
  const step = alignment ?? 32
  const padded = (length: number) => Math.ceil(length / step) * step
  for (const [name, { shape, values = [], type = 0 }] of Object.entries(tensors)) {
    text(name)
    uint32(shape.length)
    for (const length of [...shape].reverse()) size(length)
    uint32(type)
    size(offset)
    const bytes = Buffer.alloc(padded(values.length * 4))
    Buffer.from(Float32Array.from(values).buffer).copy(bytes)
    data.push(bytes)
    offset += bytes.length
  }
  const header = Buffer.concat(parts)
  writeFileSync(file, Buffer.concat([header, Buffer.alloc(padded(header.length) - header.length), ...data]))
}
