/**
 * Whose code runs. Code that others wrote is run under a name, so that what it does to the process, even long after it was
 * called, can be said of it.
 */
import { AsyncLocalStorage } from "@swirl-ts/platform"

const names = new AsyncLocalStorage<string>()
const unfinished = new Set<{ name: string }>()

/** Gives what `work` gives, at once or later. `name` goes into sentences: `the tool own/convert`. */
export function runAs<T>(name: string, work: () => T): T {
  const entry = { name }
  unfinished.add(entry)
  const ended = (): void => void unfinished.delete(entry)
  let given: T
  try {
    given = names.run(name, work)
  } catch (error) {
    ended()
    throw error
  }
  if (given instanceof Promise) return given.finally(ended) as T
  ended()
  return given
}

/** As `runAs`; what is thrown at once is thrown later as well, and anything with a `then` is waited for. */
export async function workAs<T>(name: string, work: () => T | PromiseLike<T>): Promise<T> {
  return runAs(name, async () => work())
}

/** The name that the running code was started under, also in its timers and promises after it has ended. */
export const whoseCode = (): string | undefined => names.getStore()

/** Names of what has not ended, in the order it began. */
export const whoIsAtWork = (): string[] => [...unfinished].map(({ name }) => name)
