/**
 * Whose code runs. Code that others wrote is run under a name, so that what it does to the process, even long after it was
 * called, can be said of it.
 */
import { AsyncLocalStorage } from "node:async_hooks"

const names = new AsyncLocalStorage<string>()
const unfinished = new Set<{ name: string }>()

/** Gives what `work` gives. `name` goes into sentences: `the tool own/convert`. */
export async function workAs<T>(name: string, work: () => T | PromiseLike<T>): Promise<T> {
  const entry = { name }
  unfinished.add(entry)
  try {
    return await names.run(name, work)
  } finally {
    unfinished.delete(entry)
  }
}

/** The name that the running code was started under, also in its timers and promises after it has ended. */
export const whoseCode = (): string | undefined => names.getStore()

/** Names of what has not ended, in the order it began. */
export const whoIsAtWork = (): string[] => [...unfinished].map(({ name }) => name)
