/** Learnt merges of neighbours, kept by ids, and how they are applied: always the one that was learnt first, the leftmost among equals. */
import { createHeap } from "./heap.ts"

/** More ids than any vocabulary has; a pair is one whole number. */
const base = 2 ** 26

interface Merge {
  /** Its place among all. */
  rank: number
  /** What it gives. */
  id: number
}
export type Merges = ReadonlyMap<number, Merge>

/** `prefix` is what tokens within a word begin with: of the right one it is taken off. */
export function mergesOf(list: unknown, vocabulary: ReadonlyMap<string, number>, prefix: string): Merges {
  if (!Array.isArray(list)) throw new Error("its merges are no list")
  const result = new Map<number, Merge>()
  const lines = (list as unknown[]).filter((merge) => typeof merge !== "string" || !merge.startsWith("#version"))
  for (const [rank, merge] of lines.entries()) {
    const pair: unknown = typeof merge === "string" ? merge.split(" ") : merge
    if (!isPair(pair)) throw new Error(`its merge ${rank} is ${JSON.stringify(merge)}`)
    const [left, right] = pair
    const [a, b, id] = [left, right, left + right.slice(prefix.length)].map((token) => {
      const known = vocabulary.get(token)
      if (known !== undefined) return known
      throw new Error(`its merge ${rank} needs the token ${JSON.stringify(token)}, which is not in its vocabulary`)
    })
    result.set(a! * base + b!, { rank, id: id! })
  }
  return result
}

const isPair = (value: unknown): value is readonly [string, string] =>
  Array.isArray(value) && value.length === 2 && value.every((token) => typeof token === "string")

/** Merges in place; nothing becomes one of the `hidden` ids. */
export function mergePairs(ids: number[], merges: Merges, hidden: ReadonlySet<number>): readonly number[] {
  const count = ids.length
  if (count < 2) return ids
  // A place that was merged into the one before it is gone.
  const next = Array.from({ length: count }, (_, at) => at + 1)
  const previous = Array.from({ length: count }, (_, at) => at - 1)
  const isGone = new Array<boolean>(count).fill(false)
  const mergeAt = (at: number): Merge | undefined => {
    const right = next[at]!
    const merge = right < count ? merges.get(ids[at]! * base + ids[right]!) : undefined
    return merge && hidden.has(merge.id) ? undefined : merge
  }
  const candidates = createHeap<Merge & { at: number }>((a, b) => a.rank - b.rank || a.at - b.at)
  const consider = (at: number): void => {
    const merge = mergeAt(at)
    if (merge) candidates.push({ ...merge, at })
  }
  for (let at = 0; at < count; at++) consider(at)
  for (let top = candidates.pop(); top; top = candidates.pop()) {
    const { at, id } = top
    // What stood there when it was considered may have been merged with something else since.
    if (isGone[at] || mergeAt(at)?.id !== id) continue
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
