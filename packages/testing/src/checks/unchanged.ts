/** What is given to a plugin stays as it is. */
import { fail } from "./check.ts"

/** Fails where `work` changes the value, which `what` names. It is frozen, for good. */
export async function assertUnchanged<T>(what: string, value: T, work: (value: T) => unknown): Promise<void> {
  const given = frozen(value)
  try {
    await work(given)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    fail(`it changes ${what} (${error.message}). Copy what you change.`)
  }
}

/** Values that cannot be changed, all the way down: who tries is told by a TypeError. */
function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) frozen(inner)
  }
  return value
}
