/** Learnt merges of neighbours, kept by ids, and how they are applied: always the one that was learnt first, the leftmost among equals. */
import { createHeap } from "./heap.ts"

/** More ids, and more merges, than any vocabulary has: two of them are one whole number. */
const base = 2 ** 26

/** By pair of ids: the merge's place among all, and the id of what it gives, in one number. */
export type Merges = ReadonlyMap<number, number>

/** `prefix` is what tokens within a word begin with: of the right one it is taken off. */
export function mergesOf(list: unknown, vocabulary: ReadonlyMap<string, number>, prefix: string): Merges {
  if (!Array.isArray(list)) throw new Error("its merges are no list")
  const merges = new Map<number, number>()
  let rank = 0
  const idOf = (token: string): number => {
    const id = vocabulary.get(token)
    if (id !== undefined) return id
    throw new Error(`its merge ${rank} needs the token ${JSON.stringify(token)}, which is not in its vocabulary`)
  }
  for (const merge of list as unknown[]) {
    if (typeof merge === "string" && merge.startsWith("#version")) continue
    const pair: unknown = typeof merge === "string" ? merge.split(" ") : merge
    if (!isPair(pair)) throw new Error(`its merge ${rank} is ${JSON.stringify(merge)}`)
    const [left, right] = pair
    merges.set(idOf(left) * base + idOf(right), rank * base + idOf(left + right.slice(prefix.length)))
    rank++
  }
  return merges
}

const isPair = (value: unknown): value is readonly [string, string] =>
  Array.isArray(value) && value.length === 2 && value.every((token) => typeof token === "string")

interface Candidate {
  at: number
  /** What is to be merged there, as it stands in `Merges`. */
  merge: number
}

/** Merges in place; nothing becomes one of the `hidden` ids. */
export function mergePairs(ids: number[], merges: Merges, hidden: ReadonlySet<number>): readonly number[] {
  const count = ids.length
  if (count < 2) return ids
  // A place that was merged into the one before it is gone.
  const next = Array.from({ length: count }, (_, at) => at + 1)
  const previous = Array.from({ length: count }, (_, at) => at - 1)
  const isGone = new Array<boolean>(count).fill(false)
  const mergeAt = (at: number): number | undefined => {
    const right = next[at]!
    const merge = right < count ? merges.get(ids[at]! * base + ids[right]!) : undefined
    return merge === undefined || hidden.has(merge % base) ? undefined : merge
  }
  // A pair has one merge, so that their order is that of their places among all.
  const candidates = createHeap<Candidate>((a, b) => a.merge - b.merge || a.at - b.at)
  const consider = (at: number): void => {
    const merge = mergeAt(at)
    if (merge !== undefined) candidates.push({ at, merge })
  }
  for (let at = 0; at < count; at++) consider(at)
  for (let top = candidates.pop(); top; top = candidates.pop()) {
    const { at, merge } = top
    const id = merge % base
    // What stood there when it was considered may have been merged with something else since.
    const now = isGone[at] ? undefined : mergeAt(at)
    if (now === undefined || now % base !== id) continue
    const right = next[at]!
    ids[at] = id
    isGone[right] = true
    next[at] = next[right]!
    if (next[at]! < count) previous[next[at]!] = at
    if (previous[at]! >= 0) consider(previous[at]!)
    consider(at)
  }
  return ids.filter((_, at) => !isGone[at])
}
