/**
 * A trie cut into pieces that go through the network one after another: its trunk (the tokens of states), then leaves
 * (the tokens of actions), which look back at the trunk's keys and values. Rows of a piece lie in blocks.
 * Invariant: a row sees its block's context, and of its own block the rows j with j <= i < ends[j]: itself and its ancestors.
 */
import type { PackedSequence, PackedTarget } from "./packing.ts"

/** Rows [from, to). */
export type Range = readonly [from: number, to: number]

export interface Block {
  from: number
  to: number
  /** Ancestors of the whole block in the trunk piece and earlier in this piece. */
  trunk: readonly Range[]
  own: readonly Range[]
  /** For each row of the block, one past the last row of the block that sees it, counted from the block's beginning. */
  ends: readonly number[]
}

export interface Piece {
  tokenIds: readonly number[]
  positions: readonly number[]
  blocks: readonly Block[]
  /** `source` is a row of the piece. */
  targets: readonly PackedTarget[]
  /** For every target its number in the sequence. */
  origins: readonly number[]
}

export interface TrunkPlan {
  trunk: Piece
  /** Empty where the whole trie fits into one piece, which is then `trunk`. */
  leaves: readonly Piece[]
}

/** Rows in one block, about: a block's scores are one product, so small blocks waste calls and large ones masked scores. */
const blockRows = 128

/** Pieces of at most `tokenBudget` rows where subtrees of leaves are that small; the trunk is one piece, however long. */
export function planTrunk(sequence: PackedSequence, tokenBudget: number): TrunkPlan {
  const rows = [...sequence.tokenIds.keys()]
  const stem = rows.filter((row) => sequence.inState[row])
  const subtrees: number[][] = []
  for (let row = 0; row < rows.length; row++) {
    if (sequence.inState[row]) continue
    subtrees.push(rows.slice(row, sequence.ends[row]))
    row = sequence.ends[row]! - 1
  }
  const tree: Tree = { sequence, parents: parentsOf(sequence), rowInTrunk: new Map() }
  if (rows.length <= tokenBudget) return { trunk: pieceOf(tree, [stem, ...subtrees]), leaves: [] }
  const trunk = pieceOf(tree, [stem])
  stem.forEach((row, index) => {
    tree.rowInTrunk.set(row, index)
  })
  const groups: number[][][] = []
  let size = 0
  for (const subtree of subtrees) {
    const last = groups.at(-1)
    if (last !== undefined && size + subtree.length <= tokenBudget) last.push(subtree)
    else groups.push([subtree])
    size = (groups.at(-1) === last ? size : 0) + subtree.length
  }
  const leaves = groups.map((group) => pieceOf(tree, group)).filter((piece) => piece.targets.length > 0)
  return { trunk, leaves }
}

interface Tree {
  sequence: PackedSequence
  parents: Int32Array
  /** Rows of the sequence that an earlier piece holds. */
  rowInTrunk: Map<number, number>
}

/** The row before each on its way from the root, -1 for roots. */
export function parentsOf({ positions }: Pick<PackedSequence, "positions">): Int32Array {
  const open: number[] = []
  return Int32Array.from(positions, (depth, row) => {
    open.length = depth
    open.push(row)
    return open.at(-2) ?? -1
  })
}

/** A piece of parts that are depth-first by themselves; blocks never reach from one parent's part into another's. */
function pieceOf(tree: Tree, parts: readonly number[][]): Piece {
  const { sequence } = tree
  const rows = parts.flat()
  const rowInPiece = new Map(rows.map((row, index) => [row, index]))
  const blocks: Block[] = []
  let start = 0
  let open: { from: number; parent: number } | undefined
  const close = (to: number): void => {
    if (open !== undefined && to > open.from) blocks.push(blockOf(tree, rows, rowInPiece, open.from, to))
    open = undefined
  }
  for (const part of parts) {
    const parent = tree.parents[part[0]!]!
    if (open !== undefined && (open.parent !== parent || start + part.length - open.from > blockRows)) close(start)
    part.forEach((row, i) => {
      const at = start + i
      const first = open === undefined ? undefined : rows[open.from]!
      if (first !== undefined && open !== undefined) {
        const left = sequence.positions[row]! < sequence.positions[first]!
        if (left || at - open.from >= blockRows) close(at)
      }
      open ??= { from: at, parent: tree.parents[row]! }
    })
    start += part.length
  }
  close(start)
  const targets: PackedTarget[] = []
  const origins: number[] = []
  sequence.targets.forEach((target, index) => {
    const source = rowInPiece.get(target.source)
    if (source === undefined) return
    targets.push({ ...target, source })
    origins.push(index)
  })
  return {
    tokenIds: rows.map((row) => sequence.tokenIds[row]!),
    positions: rows.map((row) => sequence.positions[row]!),
    blocks,
    targets,
    origins,
  }
}

function blockOf(
  tree: Tree,
  rows: readonly number[],
  rowInPiece: ReadonlyMap<number, number>,
  from: number,
  to: number,
): Block {
  const inTrunk: number[] = []
  const inPiece: number[] = []
  for (let row = tree.parents[rows[from]!]!; row >= 0; row = tree.parents[row]!) {
    const own = rowInPiece.get(row)
    if (own !== undefined) inPiece.push(own)
    else inTrunk.push(tree.rowInTrunk.get(row)!)
  }
  const members = rows.slice(from, to)
  const ends = members.map((row, i) => {
    let end = i + 1
    while (end < members.length && members[end]! > row && members[end]! < tree.sequence.ends[row]!) end++
    return end
  })
  return { from, to, trunk: rangesOf(inTrunk.reverse()), own: rangesOf(inPiece.reverse()), ends }
}

/** Ascending rows as ranges. */
export function rangesOf(rows: readonly number[]): Range[] {
  const ranges: [number, number][] = []
  for (const row of rows) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === row) last[1]++
    else ranges.push([row, row + 1])
  }
  return ranges
}
