/** Items that arrive by themselves, handled together: up to `most` of them, or those of `wait` milliseconds. */
export interface BatchOptions {
  most: number
  /** Milliseconds from the first item of a batch; 0: what arrives in the same turn of the event loop. */
  wait: number
}

/** `handle` gives a result for each item, in their order; where it throws, all items of the batch get its error. */
export function inBatches<Item, Result>(
  { most, wait }: BatchOptions,
  handle: (items: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  interface Waiting {
    item: Item
    resolve(result: Result): void
    reject(error: unknown): void
  }
  let waiting: Waiting[] = []
  let timer: NodeJS.Timeout | undefined
  const start = (): void => {
    clearTimeout(timer)
    timer = undefined
    const batch = waiting
    waiting = []
    const settle = (results: readonly Result[]): void => {
      for (const [index, { resolve }] of batch.entries()) resolve(results[index]!)
    }
    const fail = (error: unknown): void => {
      for (const { reject } of batch) reject(error)
    }
    handle(batch.map(({ item }) => item)).then(settle, fail)
  }
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (waiting.length >= most) start()
      else timer ??= setTimeout(start, wait)
    })
}
