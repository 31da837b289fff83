/**
 * Bounded parallel work. An item is taken from its source only when there is a place for it, in order. The first failure
 * stops new work; it is thrown once all that is under way has ended, so nothing runs on behind the caller's back.
 */

/**
 * Runs `work` on every item, at most `limit` at once. `onFailure` hears of the first failure at once, e.g. to abort what
 * is under way.
 */
export async function inParallel<T>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  work: (item: T) => unknown,
  onFailure?: (error: unknown) => void,
): Promise<void> {
  const running = new Set<Promise<void>>()
  let failure: { error: unknown } | undefined
  let freed = (): void => {}
  const fail = (error: unknown): void => {
    if (failure) return
    failure = { error }
    onFailure?.(error)
  }
  const one = async (item: T): Promise<void> => {
    try {
      await work(item)
    } catch (error) {
      fail(error)
    }
  }
  try {
    for await (const item of items) {
      // One that was under way may have failed while the source gave this item.
      if (failure) break
      const task = one(item).finally(() => {
        running.delete(task)
        freed()
      })
      running.add(task)
      if (running.size >= limit) {
        await new Promise<void>((resolve) => {
          freed = resolve
        })
      }
      if (failure) break
    }
  } catch (error) {
    fail(error)
  }
  await Promise.all(running)
  if (failure) throw failure.error
}

/** The results of `work` in the order of the items; otherwise as `inParallel`. */
export async function mapInParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => R | PromiseLike<R>,
): Promise<R[]> {
  const results: R[] = []
  await inParallel(items.entries(), limit, async ([index, item]) => {
    results[index] = await work(item)
  })
  return results
}
