/** What test functions are given, held to what they know: a case that is written under another name would never be tried. */
import { SwirlError, suggestion } from "@swirl-ts/core"
import type { TestOptions } from "./runner.ts"

/** `host`: a plugin's is given to all that it contributes. */
type Common = TestOptions & { host: unknown }
type Fields<T> = Readonly<Record<keyof Required<T>, true>>

const common: Fields<Common> = { name: true, skip: true, timeout: true, missing: true, runner: true, host: true }

/** Throws a usage error for an option that neither `own` nor every test has. `subject`: e.g. `The tool convert`. */
export function assertOptions<T extends object>(subject: string, options: T, own: Fields<Omit<T, keyof Common>>): void {
  assertFields(`${subject}: its test has no option`, options, { ...own, ...common })
}

/** Throws a usage error for a field that is none of `fields`. `none`: what is said before its name. */
export function assertFields(none: string, value: object, fields: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(fields)
  for (const name of Object.keys(value)) {
    if (names.includes(name)) continue
    throw new SwirlError(`${none} "${name}".${suggestion(name, names)}`, { kind: "usage" })
  }
}
