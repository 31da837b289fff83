/** A queue that gives the least first. */
export interface Heap<T> {
  push(value: T): void
  pop(): T | undefined
}

export function createHeap<T>(compare: (a: T, b: T) => number): Heap<T> {
  const values: T[] = []
  const isLess = (a: number, b: number): boolean => compare(values[a]!, values[b]!) < 0
  const swap = (a: number, b: number): void => {
    const value = values[a]!
    values[a] = values[b]!
    values[b] = value
  }
  return {
    push(value) {
      values.push(value)
      let at = values.length - 1
      for (let parent = (at - 1) >> 1; at > 0 && isLess(at, parent); parent = (at - 1) >> 1) {
        swap(at, parent)
        at = parent
      }
    },
    pop() {
      const least = values[0]
      const last = values.pop()
      if (values.length === 0 || last === undefined) return least
      values[0] = last
      for (let at = 0; ; ) {
        const [left, right] = [2 * at + 1, 2 * at + 2]
        let child = at
        if (left < values.length && isLess(left, child)) child = left
        if (right < values.length && isLess(right, child)) child = right
        if (child === at) return least
        swap(at, child)
        at = child
      }
    },
  }
}
