import fc from "fast-check"
import { expect, it } from "vitest"
import { commonPrefix } from "./common-prefix.ts"
import type { CachedRow } from "./key-value-cache.ts"
import type { Prompt } from "./prefill.ts"
import { chunkPrompts } from "./prompt-chunks.ts"

interface Held {
  tokenIds: number[]
  row: CachedRow
}

const heldOf = (tokenIds: number[]): Held => ({ tokenIds, row: { length: tokenIds.length, layers: [] } })

/** As the prefix cache finds it: the longest common beginning, of equals any. */
function prompt(tokenIds: number[], held: readonly Held[]): Prompt {
  let found: Prompt["found"]
  for (const { tokenIds: known, row } of held) {
    const length = commonPrefix(known, tokenIds, tokenIds.length - 1)
    if (length > (found?.length ?? 0)) found = { row, length }
  }
  return { tokenIds, rows: 1, found }
}

/** What `prefill` feeds of them: what goes on from the same is a trie, whose nodes are fed once. */
function fedTokens(prompts: readonly Prompt[]): number {
  const rows = new Map<unknown, number>()
  const nodes = new Set<string>()
  for (const { tokenIds, found } of prompts) {
    if (found && !rows.has(found.row)) rows.set(found.row, rows.size)
    const length = found?.length ?? 0
    for (let end = length + 1; end <= tokenIds.length; end++)
      nodes.add(`${found && rows.get(found.row)}/${length}: ${tokenIds.slice(length, end).join()}`)
  }
  return nodes.size
}

it("feeds what prompts share once, though each of them was found in another conversation", () => {
  const examples = Array.from({ length: 400 }, (_, token) => token)
  const others = Array.from({ length: 50 }, (_, i) => heldOf([...examples.slice(0, 30), 1000 + i, 7, 8]))
  const prompts = others.map((held, i) => ({
    ...prompt([...examples, 2000 + i, 1, 2], []),
    found: { row: held.row, length: 30 },
  }))
  const chunks = chunkPrompts(prompts, 4096)
  expect(chunks).toHaveLength(1)
  expect(fedTokens(prompts)).toBe(50 * 373)
  expect(fedTokens(chunks[0]!)).toBe(370 + 50 * 3)
})

it("lets a prompt go on from its own conversation, where that holds more than its neighbours have in common", () => {
  const held = [0, 1, 2].map((i) => heldOf([1, 2, 3, 4, 5, 6, 10 + i, 20, 21, 22, 23]))
  const prompts = held.map(({ tokenIds }) => prompt([...tokenIds, 99, 98], held))
  expect(chunkPrompts(prompts, 4096).flatMap((chunk) => chunk.map(({ found }) => found))).toEqual(
    held.map(({ row }) => ({ row, length: 11 })),
  )
})

it("feeds each prompt once, goes on from what it begins with, and keeps a chunk of several within the budget", () => {
  const tokens = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 24 })
  fc.assert(
    fc.property(
      fc.uniqueArray(tokens, { minLength: 1, maxLength: 20, selector: (ids) => ids.join() }),
      fc.array(tokens, { maxLength: 6 }),
      fc.integer({ min: 1, max: 60 }),
      (asked, known, budget) => {
        const held = known.map(heldOf)
        const chunks = chunkPrompts(
          asked.map((tokenIds) => prompt(tokenIds, held)),
          budget,
        )
        const all = chunks.flat()
        expect(all.map(({ index }) => index).sort((a, b) => a - b)).toEqual([...asked.keys()])
        for (const { index, tokenIds: own, found } of all) {
          expect(own).toBe(asked[index])
          if (!found) continue
          const { tokenIds } = held.find(({ row }) => row === found.row)!
          expect(found.length).toBeGreaterThan(0)
          expect(commonPrefix(tokenIds, own, own.length - 1)).toBeGreaterThanOrEqual(found.length)
        }
        for (const chunk of chunks) if (chunk.length > 1) expect(fedTokens(chunk)).toBeLessThanOrEqual(budget)
      },
    ),
    { numRuns: 2000 },
  )
})
