import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { chooseToken } from "./choose.ts"
import { binaryPackage } from "./peer.ts"
import { createSequencePool } from "./sequences.ts"

const probabilities = new Map([
  [10, 0.6],
  [11, 0.3],
  [12, 0.1],
])
const share = (temperature: number, topP = 1, topK = 0) => {
  const counts = new Map<number, number>()
  for (let seed = 0; seed < 4000; seed++) {
    const token = chooseToken(probabilities, { temperature, topP, topK, seed }, 0)
    counts.set(token, (counts.get(token) ?? 0) + 1 / 4000)
  }
  return counts
}

describe("chooseToken", () => {
  it("draws by the tempered distribution", () => {
    const total = 0.6 ** 2 + 0.3 ** 2 + 0.1 ** 2
    expect(share(0.5).get(10)).toBeCloseTo(0.6 ** 2 / total, 1)
    expect(share(0.5).get(11)).toBeCloseTo(0.3 ** 2 / total, 1)
    expect(share(1).get(12)).toBeCloseTo(0.1, 1)
  })

  it("keeps to the best tokens that topK and topP leave", () => {
    expect([...share(1, 1, 2).keys()].sort()).toEqual([10, 11])
    expect([...share(1, 0.6).keys()]).toEqual([10])
    expect([...share(1, 0.61).keys()].sort()).toEqual([10, 11])
  })
})

describe("createSequencePool", () => {
  it("gives a call the free cache that shares most with its prompt", async () => {
    const sequences = [{ contextTokens: [1, 9] }, { contextTokens: [1, 2, 3] }, { contextTokens: [] }]
    const pool = createSequencePool(sequences)
    expect(await pool.with([1, 2, 3, 4], async (sequence) => sequence)).toBe(sequences[1])
    expect(await pool.with([1, 9, 9], async (sequence) => sequence)).toBe(sequences[0])
  })

  it("never hands a sequence to two calls at once and serves every call", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 20 }), fc.integer({ min: 1, max: 3 }), async (waits, size) => {
        const pool = createSequencePool(Array.from({ length: size }, () => ({ contextTokens: [], busy: false })))
        const served = await Promise.all(
          waits.map((wait, index) =>
            pool.with([index], async (sequence) => {
              expect(sequence.busy).toBe(false)
              sequence.busy = true
              for (let i = 0; i < wait; i++) await Promise.resolve()
              sequence.busy = false
              return index
            }),
          ),
        )
        expect(served).toEqual(waits.map((_, index) => index))
      }),
    )
  })

  it("frees the sequence of a call that failed", async () => {
    const pool = createSequencePool([{ contextTokens: [] }])
    await expect(pool.with([1], () => Promise.reject(new Error("no")))).rejects.toThrow("no")
    expect(await pool.with([1], async () => "next")).toBe("next")
  })
})

it("names the binary package of a machine", () => {
  expect(binaryPackage("linux", "x64")).toBe("@node-llama-cpp/linux-x64")
  expect(binaryPackage("darwin", "arm64")).toBe("@node-llama-cpp/mac-arm64-metal")
  expect(binaryPackage("win32", "x64")).toBe("@node-llama-cpp/win-x64")
})
