/** "Did you mean": the nearest of some names by edit distance. */

/** Letters to add, take away, change, or swap with their neighbour. */
function editDistance(a: string, b: string): number {
  let earlier: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      current[j] = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (isSwap) current[j] = Math.min(current[j]!, earlier[j - 2]! + 1)
    }
    earlier = previous
    previous = current
  }
  return previous[b.length]!
}

/** The nearest name, if it is near enough to be what was meant: no more than `most` letters away. */
export function nearest(
  name: string,
  names: Iterable<string>,
  most = Math.max(2, Math.floor(name.length / 3)),
): string | undefined {
  let best: { name: string; distance: number } | undefined
  for (const candidate of names) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (!best || distance < best.distance) best = { name: candidate, distance }
  }
  return best && best.distance <= most ? best.name : undefined
}

/** ` Did you mean "x"?`, or a list of what there is. */
export function suggestion(name: string, names: readonly string[]): string {
  const near = nearest(name, names)
  if (near) return ` Did you mean "${near}"?`
  return names.length ? ` There are: ${[...names].sort().join(", ")}.` : ""
}
