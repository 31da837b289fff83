/**
 * Sequences that begin alike are merged into a trie, so a shared token goes through the network once.
 * Invariant: tokens lie in depth-first order; token i sees token j exactly when j <= i < ends[j], i.e. j is i or an ancestor of i.
 * A single row is the trie with one branch, so packed and row-by-row training are the same code.
 */
import { commonPrefix, compareSequences } from "./common-prefix.ts"

/** An action as it is trained: `coefficients[t]` multiplies log π(tokenIds[t]). */
export interface WeightedAction {
  tokenIds: readonly number[]
  coefficients: ArrayLike<number>
  /** Number of equal samples this action stands for, or one number a token: the weight in the exact KL. Default 1. */
  count?: number | ArrayLike<number>
}

/** A state and the actions sampled from it. */
export interface StateActions {
  state: readonly number[]
  actions: readonly WeightedAction[]
}

/** A trained token: predicted from the row `source`, with the summed coefficients and counts of the samples that took it. */
export interface PackedTarget {
  source: number
  tokenId: number
  coefficient: number
  count: number
}

export interface PackedSequence {
  tokenIds: readonly number[]
  positions: readonly number[]
  /** One past the last token of the subtree below each token. */
  ends: readonly number[]
  /** Whether each token belongs to a state: the trunk. The others are tokens of actions only: the leaves. */
  inState: readonly boolean[]
  targets: readonly PackedTarget[]
  /** For every state (by the caller's number), action and token: the index of its target, -1 where it is not trained. */
  origins: readonly { state: number; actions: readonly (readonly number[])[] }[]
}

interface Node {
  tokenId: number
  children: Map<number, Node>
  coefficient: number
  count: number
  target: number
  trained: boolean
  inState: boolean
}
const createNode = (tokenId: number): Node => ({
  tokenId,
  children: new Map(),
  coefficient: 0,
  count: 0,
  target: -1,
  trained: false,
  inState: false,
})

const child = (node: Node, tokenId: number): Node => {
  const known = node.children.get(tokenId)
  if (known !== undefined) return known
  const made = createNode(tokenId)
  node.children.set(tokenId, made)
  return made
}

/** Packs states into one sequence; all must begin with the same token. `indices` are the caller's numbers of the states. */
export function packStates(
  states: readonly StateActions[],
  indices: readonly number[] = states.map((_, i) => i),
): PackedSequence {
  const first = states[0]?.state[0]
  if (first === undefined)
    throw new Error("A state needs at least one token: the first token of an action is predicted from it.")
  const root = createNode(first)
  root.inState = true
  const paths = states.map(({ state, actions }) => {
    if (state[0] !== first)
      throw new Error("Only states that begin with the same token can be packed into one sequence.")
    let end = root
    for (let i = 1; i < state.length; i++) {
      end = child(end, state[i]!)
      end.inState = true
    }
    return actions.map((action) => {
      if (action.coefficients.length !== action.tokenIds.length)
        throw new Error(
          `An action has ${action.tokenIds.length} tokens and ${action.coefficients.length} coefficients.`,
        )
      let node = end
      return action.tokenIds.map((tokenId, t) => {
        node = child(node, tokenId)
        const coefficient = action.coefficients[t]!
        const count = typeof action.count === "object" ? action.count[t]! : (action.count ?? 1)
        node.trained ||= coefficient !== 0 || count !== 0
        node.coefficient += coefficient
        node.count += count
        return node
      })
    })
  })
  return {
    ...layOut(root),
    origins: paths.map((actions, i) => ({
      state: indices[i]!,
      actions: actions.map((path) => path.map((node) => node.target)),
    })),
  }
}

/** Depth-first, without recursion: a sequence may be deeper than the call stack. Leaves are predicted, never fed. */
function layOut(root: Node): Omit<PackedSequence, "origins"> {
  const tokenIds: number[] = []
  const positions: number[] = []
  const ends: number[] = []
  const inState: boolean[] = []
  const targets: PackedTarget[] = []
  const open: { row: number; rest: Iterator<Node> }[] = []
  const enter = (node: Node): void => {
    const row = tokenIds.length
    tokenIds.push(node.tokenId)
    inState.push(node.inState)
    positions.push(open.length)
    ends.push(row + 1)
    open.push({ row, rest: node.children.values() })
  }
  enter(root)
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const next = top.rest.next()
    if (next.done) {
      ends[top.row] = tokenIds.length
      open.pop()
      continue
    }
    const node = next.value
    if (node.trained) {
      node.target = targets.length
      targets.push({ source: top.row, tokenId: node.tokenId, coefficient: node.coefficient, count: node.count })
    }
    if (node.children.size > 0) enter(node)
  }
  return { tokenIds, positions, ends, inState, targets }
}

/** Splits states into sequences: those that share most of themselves, actions included, go into one trie. */
export function packAll(states: readonly StateActions[], shareAtLeast = 0.5): PackedSequence[] {
  const order = states.map((_, i) => i).sort((a, b) => compareSequences(states[a]!.state, states[b]!.state))
  const bins: number[][] = []
  for (const index of order) {
    const bin = bins.at(-1)
    const before = bin === undefined ? undefined : states[bin.at(-1)!]!
    const here = states[index]!
    if (
      bin !== undefined &&
      before !== undefined &&
      commonPrefix(before.state, here.state) >= Math.max(1, shareAtLeast * Math.max(extent(before), extent(here)))
    )
      bin.push(index)
    else bins.push([index])
  }
  return bins.map((bin) =>
    packStates(
      bin.map((i) => states[i]!),
      bin,
    ),
  )
}

/** What a state costs by itself. Long actions after a short one (whole sequences) are not worth one long sequence. */
const extent = ({ state, actions }: StateActions): number =>
  Math.max(state.length, ...actions.map((action) => action.tokenIds.length))

/** Sequences sorted by length and cut into batches of at most `tokenBudget` padded tokens (at least one sequence each). */
export function microBatches(sequences: readonly PackedSequence[], tokenBudget: number): PackedSequence[][] {
  const sorted = [...sequences].sort((a, b) => a.tokenIds.length - b.tokenIds.length)
  const batches: PackedSequence[][] = []
  for (const sequence of sorted) {
    const last = batches.at(-1)
    if (last !== undefined && (last.length + 1) * sequence.tokenIds.length <= tokenBudget) last.push(sequence)
    else batches.push([sequence])
  }
  return batches
}
