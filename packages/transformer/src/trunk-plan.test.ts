import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type PackedSequence, packStates } from "./packing.ts"
import { type Piece, planTrunk, type Range } from "./trunk-plan.ts"

const numbers = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: length })
const stateActions = fc.record({ state: numbers(12), actions: fc.array(numbers(9), { minLength: 1, maxLength: 4 }) })

/** For every token, by its path from the root, the paths of the tokens that it sees. */
const seen = new Map<string, string[]>()
const note = (path: string, sees: string[]): void => void seen.set(path, sees.sort())

/** Paths name tokens of the trie: a token is what leads to it. */
function pathsOf({ tokenIds, positions }: PackedSequence): string[] {
  const open: number[] = []
  return tokenIds.map((id, row) => {
    open.length = positions[row]!
    open.push(id)
    return open.join()
  })
}

describe("planTrunk", () => {
  it("gives every token of the trie one row, which sees itself and its ancestors and nothing else", () => {
    fc.assert(
      fc.property(
        fc.array(stateActions, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 60 }),
        (drawn, budget) => {
          const sequence = packStates(
            drawn.map(({ state, actions }) => ({
              state: [0, ...state],
              actions: actions.map((tokenIds) => ({ tokenIds, coefficients: tokenIds.map(() => 1) })),
            })),
          )
          const paths = pathsOf(sequence)
          const { trunk, leaves } = planTrunk(sequence, budget)
          seen.clear()
          let rows = 0
          const trunkPaths: string[] = []
          for (const piece of [trunk, ...leaves]) rows += walk(piece, trunkPaths)
          const withTargets = new Set(sequence.targets.map((target) => paths[target.source]))
          for (const path of withTargets) expect(seen.has(path!)).toBe(true)
          expect(seen.size).toBe(rows)
          for (const [path, sees] of seen) {
            const ids = path.split(",")
            expect(sees).toEqual(ids.map((_, i) => ids.slice(0, i + 1).join()).sort())
          }
          const numbered = [trunk, ...leaves].flatMap((piece) => piece.origins).sort((a, b) => a - b)
          expect(numbered).toEqual(sequence.targets.map((_, index) => index))
        },
      ),
    )
  })
})

/** Reads a piece's blocks; a row's path is its parent's (the last of what it sees before itself) and its own token. */
function walk(piece: Piece, trunkPaths: string[]): number {
  const own: string[] = []
  const over = (ranges: readonly Range[], of: string[]): string[] => ranges.flatMap(([from, to]) => of.slice(from, to))
  for (const { from, to, trunk, own: before, ends } of piece.blocks) {
    expect(from).toBe(own.length)
    const context = [...over(trunk, trunkPaths), ...over(before, own)]
    for (let i = 0; i < to - from; i++) {
      const visible = own.slice(from).filter((_, j) => i < ends[j]!)
      const parent = [...context, ...visible].sort((a, b) => a.length - b.length).at(-1)
      const path = parent === undefined ? `${piece.tokenIds[from + i]}` : `${parent},${piece.tokenIds[from + i]}`
      expect(path.split(",")).toHaveLength(piece.positions[from + i]! + 1)
      own.push(path)
      note(path, [...context, ...visible, path])
    }
  }
  if (trunkPaths.length === 0) trunkPaths.push(...own)
  return own.length
}
