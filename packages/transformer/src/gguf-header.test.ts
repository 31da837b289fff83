import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { temporaryFolder } from "@swirl-ts/test-support"
import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { writeGguf } from "../test/write-gguf.ts"
import { withFile } from "./file-range.ts"
import { readGgufHeader } from "./gguf-header.ts"

const fixture = fileURLToPath(new URL("../../../fixtures/transformer/gguf/blocks.gguf", import.meta.url))
let folder: string
beforeAll(() => {
  folder = temporaryFolder()
})

const headerOf = (file: string) => withFile(file, readGgufHeader)

describe("the header of a GGUF file", () => {
  it("says which tensors there are, rows first, and where", () => {
    const { metadata, tensors } = headerOf(fixture)
    expect(metadata.get("general.architecture")).toBe("none")
    expect(tensors.get("Q4_K")).toMatchObject({ type: "Q4_K", shape: [2, 256] })
    const { start, end } = tensors.get("Q4_K")!
    expect(end - start).toBe(288)
    expect(start % 32).toBe(0)
  })

  it("gives back any metadata, of every type, in versions 2 and 3 and at every alignment", () => {
    const file = join(folder, "property.gguf")
    const value = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.boolean(),
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      fc.array(fc.string({ unit: "grapheme" }), { minLength: 1 }),
      fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { minLength: 1 }),
    )
    const name = fc.string({ minLength: 1 }).map((text) => `of.${text}`)
    fc.assert(
      fc.property(
        fc.dictionary(name, value),
        fc.constantFrom(2, 3),
        fc.constantFrom(8, 32, 64, 4096),
        (metadata, version, alignment) => {
          writeGguf(file, {
            metadata,
            version,
            alignment,
            tensors: { w: { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] } },
          })
          const header = headerOf(file)
          expect(Object.fromEntries([...header.metadata].filter(([key]) => key.startsWith("of.")))).toEqual({
            ...metadata,
          })
          const { start, end, shape } = header.tensors.get("w")!
          expect([start % alignment, end - start, shape]).toEqual([0, 24, [2, 3]])
        },
      ),
      { numRuns: 60 },
    )
  })

  it("says of every truncated file which file it is and that it is cut off", () => {
    const whole = readFileSync(fixture)
    const cut = join(folder, "cut.gguf")
    const tensorsBegin = Math.min(...[...headerOf(fixture).tensors.values()].map(({ start }) => start))
    const sizes = [...Array(tensorsBegin).keys()].filter((size) => size >= 4)
    for (const size of [...sizes, tensorsBegin, whole.length - 1]) {
      writeFileSync(cut, whole.subarray(0, size))
      expect(() => headerOf(cut), `${size} bytes`).toThrow(/cut\.gguf: not a readable GGUF file: it is truncated: /)
    }
  })

  it("refuses what is no GGUF file, another version, another byte order, and tensors it does not know", () => {
    const file = join(folder, "wrong.gguf")
    const write = (change: (bytes: Buffer) => void) => {
      const bytes = Buffer.from(readFileSync(fixture))
      change(bytes)
      writeFileSync(file, bytes)
    }
    write((bytes) => bytes.write("GGML"))
    expect(() => headerOf(file)).toThrow('wrong.gguf: not a readable GGUF file: it does not begin with "GGUF".')
    write((bytes) => bytes.writeUInt32LE(1, 4))
    expect(() => headerOf(file)).toThrow("it has version 1; 2 and 3 are supported.")
    write((bytes) => bytes.writeUInt32BE(3, 4))
    expect(() => headerOf(file)).toThrow("it is big-endian; convert it to little-endian first.")
    writeGguf(file, { tensors: { w: { shape: [256], type: 23 } } })
    expect(() => headerOf(file)).toThrow("tensor w has type IQ4_XS; F32, F16, BF16, Q4_0, ")
    writeGguf(file, { tensors: { w: { shape: [2, 31], type: 8 } } })
    expect(() => headerOf(file)).toThrow("tensor w of type Q8_0 has rows of 31, which are no whole blocks.")
    writeGguf(file, { alignment: 24 })
    expect(() => headerOf(file)).toThrow("its alignment is 24, not a power of two.")
    expect(() => headerOf(join(folder, "none.gguf"))).toThrow(/none\.gguf: cannot be opened \(ENOENT\)/)
  })

  it("a header that claims huge sizes is refused before anything of that size is made", () => {
    const file = join(folder, "huge.gguf")
    const bytes = Buffer.from(readFileSync(fixture))
    bytes.writeBigUInt64LE(2n ** 60n, 24) // the length of the first name
    writeFileSync(file, bytes)
    expect(() => headerOf(file)).toThrow(/huge\.gguf: not a readable GGUF file: its header claims a size of /)
    bytes.writeBigUInt64LE(2n ** 40n, 24)
    writeFileSync(file, bytes)
    expect(() => headerOf(file)).toThrow(/it is truncated: its header goes on to byte /)
  })
})
