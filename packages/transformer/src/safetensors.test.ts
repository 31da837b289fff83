import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { readSafetensors, writeSafetensors } from "./safetensors.ts"

let folder: string
beforeAll(() => {
  folder = temporaryFolder()
})

const tensor = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }).chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    data: fc.float32Array({ minLength: shape.reduce((a, b) => a * b, 1), maxLength: shape.reduce((a, b) => a * b, 1) }),
  }),
)

/** Reads a file that is refused before any tensor is. */
const readNothing = (file: string) => readSafetensors(file, ({ name }) => expect.unreachable(`${name} was read`))

describe("safetensors", () => {
  it("reads back what it wrote, bit for bit", () => {
    const file = join(folder, "property.safetensors")
    const name = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" }).filter((text) => !text.startsWith("__"))
    fc.assert(
      fc.property(
        fc.dictionary(name, tensor, { maxKeys: 5 }),
        fc.dictionary(name, fc.string()),
        (tensors, metadata) => {
          writeSafetensors(
            file,
            Object.entries(tensors).map(([name, { shape, data }]) => ({ name, shape, data: () => data })),
            metadata,
          )
          const back = new Map<string, { shape: readonly number[]; bits: Uint32Array }>()
          const header = readSafetensors(file, ({ name, shape }, data) =>
            back.set(name, { shape, bits: new Uint32Array(data.buffer) }),
          )
          expect({ ...header.metadata }).toEqual({ ...metadata })
          expect([...back.keys()].sort()).toEqual(Object.keys(tensors).sort())
          for (const [name, { shape, data }] of Object.entries(tensors))
            expect(back.get(name)).toEqual({ shape, bits: new Uint32Array(data.slice().buffer) })
        },
      ),
      { numRuns: 60 },
    )
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([])
  })

  it("reads every half-precision number as its exact value", () => {
    const file = join(folder, "half.safetensors")
    const header = JSON.stringify({ h: { dtype: "F16", shape: [65536], data_offsets: [0, 131072] } })
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(header.length))
    writeFileSync(
      file,
      Buffer.concat([
        length,
        Buffer.from(header),
        Buffer.from(Uint16Array.from({ length: 65536 }, (_, i) => i).buffer),
      ]),
    )
    let values = new Float32Array(0)
    readSafetensors(file, (_, data) => {
      values = data
    })
    const value = (i: number): number => {
      const [sign, exponent, fraction] = [i >> 15 ? -1 : 1, (i >> 10) & 31, i & 1023]
      if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
      return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024))
    }
    expect([...values.keys()].filter((i) => !Object.is(values[i], value(i)))).toEqual([])
  })

  it("says of every truncated file which file it is and that it is cut off, and never reads it", () => {
    const whole = join(folder, "whole.safetensors")
    const cut = join(folder, "cut.safetensors")
    writeSafetensors(whole, [{ name: "w", shape: [3, 2], data: () => new Float32Array(6) }])
    const bytes = readFileSync(whole)
    for (let size = 0; size < bytes.length; size++) {
      writeFileSync(cut, bytes.subarray(0, size))
      expect(() => readNothing(cut), `${size} bytes`).toThrow(
        /cut\.safetensors: not a readable safetensors file: it (is truncated|has \d bytes)/,
      )
    }
  })

  it("names a file that is something else, or not there", () => {
    const file = join(folder, "other.safetensors")
    writeFileSync(file, "version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
    expect(() => readNothing(file)).toThrow(/other\.safetensors: not a readable safetensors file: its header claims/)
    expect(() => readNothing(join(folder, "none"))).toThrow(/none: cannot be opened \(ENOENT\)/)
  })

  it("keeps the old file when writing fails", () => {
    const file = join(folder, "kept.safetensors")
    writeSafetensors(file, [{ name: "w", shape: [1], data: () => new Float32Array([7]) }])
    const fail = () => {
      throw new Error("the machine caught fire")
    }
    expect(() => writeSafetensors(file, [{ name: "w", shape: [1], data: fail }])).toThrow("fire")
    readSafetensors(file, (_, data) => expect([...data]).toEqual([7]))
  })
})
