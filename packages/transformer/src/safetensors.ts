/**
 * The safetensors file format: an 8-byte header length, a JSON header, then raw tensors. One tensor is in memory at a time.
 * Invariant: a file appears under its name only when it is complete (temporary file, fsync, rename).
 */
import { closeSync, dirname, fsyncSync, openSync, renameSync, rmSync, writeSync } from "@swirl-ts/platform"
import { type OpenFile, openFile, withFile } from "./file-range.ts"
import { toFloat32 } from "./half.ts"
import type { Weight } from "./weight.ts"

type DType = "F32" | "F16" | "BF16"
export interface TensorEntry {
  name: string
  dtype: DType
  shape: readonly number[]
  /** Byte offsets from the start of the file. */
  start: number
  end: number
}
export interface SafetensorsHeader {
  entries: readonly TensorEntry[]
  metadata: Readonly<Record<string, string>>
}

const bytesOf: Record<DType, number> = { F32: 4, F16: 2, BF16: 2 }
const maxHeaderBytes = 100_000_000

/**
 * Reads tensors one at a time, as f32; `use` gets each and owns its data. Throws an Error naming the file and what is
 * wrong before the first is read where the header is broken or a tensor lies beyond the end of the file.
 */
export function readSafetensors(
  file: string,
  use: (entry: TensorEntry, data: Float32Array<ArrayBuffer>) => void,
  wanted: (name: string) => boolean = () => true,
): SafetensorsHeader {
  return withFile(file, (open) => {
    const header = parseHeader(open)
    for (const { entry, data } of tensorsOf(open, header, wanted)) use(entry, data)
    return header
  })
}

/** The same, to be asked for one after the other; the file is open meanwhile. */
export function* safetensorsWeights(file: string, wanted: (name: string) => boolean): Generator<Weight> {
  const open = openFile(file)
  try {
    for (const { entry, data } of tensorsOf(open, parseHeader(open), wanted))
      yield { name: entry.name, file, shape: entry.shape, data }
  } finally {
    open.close()
  }
}

function* tensorsOf(open: OpenFile, header: SafetensorsHeader, wanted: (name: string) => boolean) {
  for (const entry of header.entries)
    if (wanted(entry.name)) yield { entry, data: toFloat32(entry.dtype, open.read(entry.start, entry.end)) }
}

/** Writes tensors as F32, atomically. Data is asked for one tensor at a time, in the order given. */
export function writeSafetensors(
  file: string,
  tensors: Iterable<{ name: string; shape: readonly number[]; data: () => Float32Array }>,
  metadata: Readonly<Record<string, string>> = { format: "pt" },
): void {
  const list = [...tensors]
  const header: Record<string, unknown> = { __metadata__: metadata }
  let offset = 0
  for (const { name, shape } of list) {
    const bytes = shape.reduce((a, b) => a * b, 1) * 4
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + bytes] }
    offset += bytes
  }
  let json = JSON.stringify(header)
  json += " ".repeat((8 - (Buffer.byteLength(json) % 8)) % 8)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(json)))
  writeAtomically(file, function* () {
    yield length
    yield Buffer.from(json)
    for (const { data } of list) {
      const values = data()
      yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    }
  })
}

/** Writes parts to a temporary file beside `file`, syncs it and the folder, and renames it. */
export function writeAtomically(file: string, parts: () => Iterable<Uint8Array>): void {
  const temporary = `${file}.${process.pid}.tmp`
  try {
    const descriptor = openSync(temporary, "w")
    try {
      for (const part of parts())
        for (let at = 0; at < part.byteLength; )
          at += writeSync(descriptor, part, at, Math.min(part.byteLength - at, 1 << 28))
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(temporary, file)
    const folder = openSync(dirname(file), "r")
    fsyncSync(folder)
    closeSync(folder)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

function parseHeader({ file, size, read }: OpenFile): SafetensorsHeader {
  const bad = (what: string): never => {
    throw new Error(`${file}: not a readable safetensors file: ${what}.`)
  }
  if (size < 8) bad(`it has ${size} bytes, the header length alone needs 8`)
  const length = Number(read(0, 8).readBigUInt64LE())
  if (length > maxHeaderBytes) bad(`its header claims ${length} bytes`)
  if (8 + length > size) bad(`it is truncated: the header needs ${8 + length} bytes, the file has ${size}`)
  let json: Record<string, { dtype?: string; shape?: number[]; data_offsets?: number[] }>
  try {
    json = JSON.parse(read(8, 8 + length).toString("utf8"))
  } catch {
    return bad("its header is not JSON")
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) bad("its header is not a JSON object")
  const { __metadata__: metadata, ...tensors } = json
  const entries = Object.entries(tensors).map(([name, entry]): TensorEntry => {
    const { dtype, shape, data_offsets: offsets } = entry ?? {}
    if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2)
      return bad(`the entry of tensor ${name} is malformed`)
    if (dtype !== "F32" && dtype !== "F16" && dtype !== "BF16")
      return bad(`tensor ${name} has type ${dtype}; F32, F16 and BF16 are supported`)
    const [start, end] = [8 + length + offsets[0]!, 8 + length + offsets[1]!]
    const bytes = shape.reduce((a, b) => a * b, 1) * bytesOf[dtype]
    if (end - start !== bytes) bad(`tensor ${name} of shape [${shape}] needs ${bytes} bytes and has ${end - start}`)
    if (end > size) bad(`it is truncated: tensor ${name} ends at byte ${end}, the file has ${size}`)
    return { name, dtype, shape, start, end }
  })
  return { entries, metadata: (metadata ?? {}) as Record<string, string> }
}

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0)
