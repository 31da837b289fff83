/**
 * Settings under which records are made are registered beside them. The same work with other settings is refused, because
 * its records would mix with those that are there; where there are none yet, a start that failed binds nobody.
 */
import { canonicalJson, SwirlError } from "@swirl-ts/core"
import { isObject } from "@swirl-ts/kit"

/** One field a setting. */
export type Settings = Readonly<Record<string, unknown>>

export interface SettingsCheck {
  before: Settings | undefined
  now: Settings
  /** Settings that say how much is done, not what a record is; `options.iterations` for one inside a setting. */
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
  const [then, today] = [without(before, mayChange), without(now, mayChange)]
  const fields = [...new Set([...Object.keys(then), ...Object.keys(today)])]
    .filter((field) => show(then[field]) !== show(today[field]))
    .map((field) => `${field} was ${show(then[field])} and is ${show(today[field])} now`)
  const differences = [...fields, ...otherwise]
  if (differences.length > 0 && (await hasRecords())) {
    throw new SwirlError(refusal(differences.join("; ")), { kind: "usage" })
  }
}

function without(settings: Settings, names: readonly string[]): Settings {
  const kept = Object.entries(settings).filter(([field]) => !names.includes(field))
  return Object.fromEntries(
    kept.map(([field, value]) => {
      const inner = names.flatMap((name) => (name.startsWith(`${field}.`) ? [name.slice(field.length + 1)] : []))
      return [field, inner.length > 0 && isObject(value) ? without(value, inner) : value]
    }),
  )
}

const show = (value: unknown): string => (value === undefined ? "not set" : canonicalJson(value))
