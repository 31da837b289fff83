/**
 * Settings under which records are made are registered beside them. The same work with other settings is refused, because
 * its records would mix with those that are there; where there are none yet, a start that failed binds nobody.
 */
import { canonicalJson, SwirlError } from "@swirl-ts/core"

/** One field a setting. */
export type Settings = Readonly<Record<string, unknown>>

export interface SettingsCheck {
  before: Settings | undefined
  now: Settings
  /** Settings that say how much is done, not what a record is. */
  mayChange: readonly string[]
  /** What else is different now, e.g. the digest of a prompt, as clauses. */
  otherwise?: readonly string[]
  /** Whether anything was recorded under the earlier settings. */
  hasRecords(): Promise<boolean>
  /** The whole sentence, of the differences. */
  refusal(differences: string): string
}

/** Throws a usage error that names what differs. */
export async function checkSettings(check: SettingsCheck): Promise<void> {
  const { before, now, mayChange, otherwise = [], hasRecords, refusal } = check
  if (!before) return
  const fields = [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((field) => !mayChange.includes(field) && show(before[field]) !== show(now[field]))
    .map((field) => `${field} was ${show(before[field])} and is ${show(now[field])} now`)
  const differences = [...fields, ...otherwise]
  if (differences.length > 0 && (await hasRecords())) {
    throw new SwirlError(refusal(differences.join("; ")), { kind: "usage" })
  }
}

const show = (value: unknown): string => (value === undefined ? "not set" : canonicalJson(value))
