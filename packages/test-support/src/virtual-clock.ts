/**
 * Time that passes when nothing else is to be done: hours of waiting in moments, by the very code that waits. Invariant: sleepers
 * wake one after another in the order of their times, and what one sets off has run before the next wakes.
 */
export interface VirtualClock {
  /** Milliseconds. */
  now(): number
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** Until `work` ends. Throws where it waits for what no clock brings. */
  run<T>(work: Promise<T>): Promise<T>
}

interface Sleeper {
  at: number
  number: number
  wake(): void
}

export function createVirtualClock(): VirtualClock {
  let time = 0
  let number = 0
  const heap: Sleeper[] = []
  return {
    now: () => time,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const sleeper = { at: time + Math.max(0, milliseconds), number: number++, wake: resolve }
        push(heap, sleeper)
        // It stays in the heap, and wakes nobody.
        signal?.addEventListener("abort", () => resolve(), { once: true })
      }),
    async run(work) {
      let isDone = false
      const done = (): void => {
        isDone = true
      }
      work.then(done, done)
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve))
        if (isDone) return work
        const sleeper = pop(heap)
        if (!sleeper) throw new Error("the work waits, and nobody sleeps")
        time = Math.max(time, sleeper.at)
        sleeper.wake()
      }
    },
  }
}

const isBefore = (a: Sleeper, b: Sleeper): boolean => a.at < b.at || (a.at === b.at && a.number < b.number)

function push(heap: Sleeper[], sleeper: Sleeper): void {
  let place = heap.push(sleeper) - 1
  while (place > 0) {
    const parent = (place - 1) >> 1
    if (!isBefore(sleeper, heap[parent]!)) break
    heap[place] = heap[parent]!
    place = parent
  }
  heap[place] = sleeper
}

function pop(heap: Sleeper[]): Sleeper | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (!first || !last || heap.length === 0) return first
  let place = 0
  for (;;) {
    let child = 2 * place + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
    if (!isBefore(heap[child]!, last)) break
    heap[place] = heap[child]!
    place = child
  }
  heap[place] = last
  return first
}
