/** A contract with something sound, and for each check something that only this check finds wrong. */
import type { Check } from "../../src/index.ts"

/** What is checked, and what its checks are given. */
export type Example<T, O> = readonly [thing: T, options?: O]

export interface Broken {
  contract: string
  sound: () => Check[]
  /** By the check's name. */
  broken: Readonly<Record<string, () => Check[]>>
}

/** `options` go to every example, before its own. */
export function brokenExamples<T, O extends object>(
  contract: string,
  checks: (thing: T, options?: O) => Check[],
  [thing, options]: Example<T, O>,
  broken: Readonly<Record<string, Example<T, O>>>,
): Broken {
  const made = Object.entries(broken).map(([name, [each, own]]) => [
    name,
    () => checks(each, { ...options, ...own } as O),
  ])
  return { contract, sound: () => checks(thing, options), broken: Object.fromEntries(made) }
}
