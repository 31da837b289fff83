/** How many tokens two sequences have in common from their beginning on, `limit` at most. */
export function commonPrefix(a: ArrayLike<number>, b: ArrayLike<number>, limit = Number.POSITIVE_INFINITY): number {
  const most = Math.min(a.length, b.length, limit)
  let count = 0
  while (count < most && a[count] === b[count]) count++
  return count
}

/** The order in which sequences that begin alike are neighbours, and one comes before those that go on from it. */
export function compareSequences(a: readonly number[], b: readonly number[]): number {
  const n = commonPrefix(a, b)
  return (a[n] ?? -1) - (b[n] ?? -1)
}
