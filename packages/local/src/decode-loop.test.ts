import type { TransformerConfig } from "@swirl-ts/transformer"
import { expect, it } from "vitest"
import { createDecodeLoop } from "./decode-loop.ts"

/** Rows that a loop over a model of this shape decodes together; nothing is computed. */
function rowsOf(shape: Partial<TransformerConfig>, maxRows?: number): number {
  const config = { vocabularySize: 9, maxPositions: 320, endTokenIds: [], ...shape } as unknown as TransformerConfig
  const loop = createDecodeLoop(
    { config, weights: {}, transposed: new Map(), adapters: [] },
    { stopTokenIds: [], maxRows },
  )
  loop.dispose()
  return loop.maxRows
}

it("decodes together what fits into 512 MiB of keys and values, from 4 to 128 rows, or what is asked for", () => {
  const nano = { layers: 4, keyValueHeads: 2, headSize: 24 }
  expect(rowsOf(nano)).toBe(128)
  // 2 · 4 bytes · 24 layers · 2 heads · 64 · 1024 tokens = 24 MiB a row.
  expect(rowsOf({ layers: 24, keyValueHeads: 2, headSize: 64, maxPositions: 8192 })).toBe(21)
  expect(rowsOf({ layers: 32, keyValueHeads: 32, headSize: 128, maxPositions: 4096 })).toBe(4)
  expect(rowsOf(nano, 7)).toBe(7)
})
