// Sequences that begin alike are merged into a trie, so a shared token goes through the network once.
// Invariant: tokens lie in depth-first order; token i sees token j exactly when j <= i < ends[j], i.e. j is i or an ancestor of i.
// A single row is the trie with one branch, so packed and row-by-row training are the same code.

/** A state and the actions sampled from it. `coefficients[t]` multiplies log π(tokenIds[t]); `count` equal samples share one action. */
export type PackedAction = {
  readonly tokenIds: readonly number[]
  readonly coefficients: ArrayLike<number>
  /** Number of samples this action stands for, or one number a token: the weight in the exact KL. Default 1. */
  readonly count?: number | ArrayLike<number>
}
export type PackedGroup = { readonly state: readonly number[]; readonly actions: readonly PackedAction[] }

/** A trained token: predicted from the row `source`, with the summed coefficients and counts of the samples that took it. */
export type PackedTarget = { source: number; tokenId: number; coefficient: number; count: number }

export type PackedSequence = {
  readonly tokenIds: readonly number[]
  readonly positions: readonly number[]
  /** One past the last token of the subtree below each token. */
  readonly ends: readonly number[]
  readonly targets: readonly PackedTarget[]
  /** For every group, action and token: the index of its target, -1 where it is not trained. */
  readonly groups: readonly { readonly group: number; readonly actions: readonly (readonly number[])[] }[]
}

type Node = {
  tokenId: number
  children: Map<number, Node>
  coefficient: number
  count: number
  target: number
  trained: boolean
}
const makeNode = (tokenId: number): Node => ({
  tokenId,
  children: new Map(),
  coefficient: 0,
  count: 0,
  target: -1,
  trained: false,
})

const child = (node: Node, tokenId: number): Node => {
  const known = node.children.get(tokenId)
  if (known !== undefined) return known
  const made = makeNode(tokenId)
  node.children.set(tokenId, made)
  return made
}

/** Packs groups into one sequence; all states must begin with the same token. `indices` are the caller's numbers of the groups. */
export function packGroups(
  groups: readonly PackedGroup[],
  indices: readonly number[] = groups.map((_, i) => i),
): PackedSequence {
  const first = groups[0]?.state[0]
  if (first === undefined)
    throw new Error("A state needs at least one token: the first token of an action is predicted from it.")
  const root = makeNode(first)
  const paths = groups.map(({ state, actions }) => {
    if (state[0] !== first)
      throw new Error("Only states that begin with the same token can be packed into one sequence.")
    let end = root
    for (let i = 1; i < state.length; i++) end = child(end, state[i]!)
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
  const sequence = {
    tokenIds: [] as number[],
    positions: [] as number[],
    ends: [] as number[],
    targets: [] as PackedTarget[],
  }
  layOut(root, sequence)
  return {
    ...sequence,
    groups: paths.map((actions, i) => ({
      group: indices[i]!,
      actions: actions.map((path) => path.map((node) => node.target)),
    })),
  }
}

type Draft = { tokenIds: number[]; positions: number[]; ends: number[]; targets: PackedTarget[] }

/** Depth-first, without recursion: a sequence may be deeper than the call stack. Leaves are predicted, never fed. */
function layOut(root: Node, draft: Draft): void {
  const open: { row: number; rest: Iterator<Node> }[] = []
  const enter = (node: Node): void => {
    const row = draft.tokenIds.length
    draft.tokenIds.push(node.tokenId)
    draft.positions.push(open.length)
    draft.ends.push(row + 1)
    open.push({ row, rest: node.children.values() })
  }
  enter(root)
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const next = top.rest.next()
    if (next.done) {
      draft.ends[top.row] = draft.tokenIds.length
      open.pop()
      continue
    }
    const node = next.value
    if (node.trained) {
      node.target = draft.targets.length
      draft.targets.push({ source: top.row, tokenId: node.tokenId, coefficient: node.coefficient, count: node.count })
    }
    if (node.children.size > 0) enter(node)
  }
}

/** A plain row as a group: everything before the first trained token is its state. */
export type TrainingRow = {
  readonly tokenIds: readonly number[]
  /** One number a token: what multiplies log π(token | tokens before). 0: not trained. */
  readonly coefficients: ArrayLike<number>
}

/** Splits groups into sequences: groups that share most of their state, and states that are most of their group, go into one trie. */
export function packAll(groups: readonly PackedGroup[], shareAtLeast = 0.5): PackedSequence[] {
  const order = groups.map((_, i) => i).sort((a, b) => compare(groups[a]!.state, groups[b]!.state))
  const bins: number[][] = []
  for (const index of order) {
    const bin = bins.at(-1)
    const before = bin === undefined ? undefined : groups[bin.at(-1)!]!
    const here = groups[index]!
    if (
      bin !== undefined &&
      before !== undefined &&
      shared(before.state, here.state) >= Math.max(1, shareAtLeast * Math.max(extent(before), extent(here)))
    )
      bin.push(index)
    else bins.push([index])
  }
  return bins.map((bin) =>
    packGroups(
      bin.map((i) => groups[i]!),
      bin,
    ),
  )
}

/** What a group costs by itself. Long actions after a short state (plain rows) are not worth one long sequence. */
const extent = ({ state, actions }: PackedGroup): number =>
  Math.max(state.length, ...actions.map((action) => action.tokenIds.length))

const shared = (a: readonly number[], b: readonly number[]): number => {
  let n = 0
  while (n < a.length && n < b.length && a[n] === b[n]) n++
  return n
}

const compare = (a: readonly number[], b: readonly number[]): number => {
  const n = shared(a, b)
  return (a[n] ?? -1) - (b[n] ?? -1)
}

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
