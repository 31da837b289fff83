/** How many tokens two sequences have in common from their beginning on, `limit` at most. */
export function commonPrefix(a: ArrayLike<number>, b: ArrayLike<number>, limit = Number.POSITIVE_INFINITY): number {
  const most = Math.min(a.length, b.length, limit)
  let count = 0
  while (count < most && a[count] === b[count]) count++
  return count
}
