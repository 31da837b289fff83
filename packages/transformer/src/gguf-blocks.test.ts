import { fileURLToPath } from "node:url"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { withFile } from "./file-range.ts"
import { bytesOfValues, dequantise, tensorTypeNames } from "./gguf-blocks.ts"
import { readGgufHeader } from "./gguf-header.ts"

const file = fileURLToPath(new URL("../../../fixtures/transformer/gguf/blocks.gguf", import.meta.url))
const bitsOf = (values: Float32Array<ArrayBuffer>) => [...new Uint32Array(values.buffer, values.byteOffset)]

describe("blocks of ggml", () => {
  it.each(tensorTypeNames)("%s has the values of gguf's own code, to the last bit", (type) => {
    const [stored, expected] = withFile(file, (open) => {
      const { tensors } = readGgufHeader(open)
      return [type, `${type}.values`].map((name) => {
        const tensor = tensors.get(name)!
        return dequantise(tensor.type, open.read(tensor.start, tensor.end))
      })
    })
    expect(stored!.length).toBeGreaterThan(500)
    expect(bitsOf(stored!)).toEqual(bitsOf(expected!))
  })

  it.each(tensorTypeNames)("%s: each block stands for itself, whatever lies beside it", (type) => {
    const size = bytesOfValues(type, 256, 1)!
    const row = fc.uint8Array({ minLength: size, maxLength: size })
    const valuesOf = (bytes: Uint8Array) => dequantise(type, Buffer.from(Uint8Array.from(bytes).buffer))
    fc.assert(
      fc.property(row, row, (a, b) => {
        const both = valuesOf(Buffer.concat([a, b]))
        expect(both.length).toBe(512)
        expect([...both]).toEqual([...valuesOf(a), ...valuesOf(b)])
      }),
      { numRuns: 20 },
    )
  })
})

it("a value that is a whole number of steps comes back from Q8_0 as it was", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -127, max: 127 }), { minLength: 32, maxLength: 32 }), (steps) => {
      const bytes = Buffer.from(new ArrayBuffer(34))
      bytes.writeUInt16LE(0x3400, 0) // a quarter
      steps.forEach((step, i) => {
        bytes.writeInt8(step, 2 + i)
      })
      expect([...dequantise("Q8_0", bytes)]).toEqual(steps.map((step) => step / 4))
    }),
  )
})
