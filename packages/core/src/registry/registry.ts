/**
 * The registry: the one place where names become things. Names resolve short (`gsm8k`) or full (`bench-gsm8k/gsm8k`). A
 * short name of several plugins means the one that was loaded first, so that no stranger's plugin can take it away; that is
 * said once, in `notices`.
 */
import type { ContributionKind, Contributions, Plugin } from "./plugin.ts"

export interface Entry<K extends ContributionKind> {
  kind: K
  /** `gsm8k` */
  name: string
  /** `bench-gsm8k/gsm8k` */
  fullName: string
  plugin: Plugin
  value: Contributions[K][string]
}

/** Names become things. */
export interface Lookup {
  list<K extends ContributionKind>(kind: K): Entry<K>[]
  /** Throws a usage error for an unknown name. */
  resolve<K extends ContributionKind>(kind: K, name: string): Entry<K>
  has(kind: ContributionKind, name: string): boolean
}

export interface Registry extends Lookup {
  /** In the order they were loaded. */
  readonly plugins: readonly Plugin[]
  /** Plugins that could not be used, by origin; the others are not affected. */
  readonly broken: readonly { origin: string; message: string }[]
  /** What whoever loaded the plugins should know, a sentence each, e.g. which tool a short name of two plugins means. */
  readonly notices: readonly string[]
}

/** The short name where it means this entry, the full one where another plugin's goes first: for records and files. */
export const distinctName = <K extends ContributionKind>(lookup: Lookup, { kind, name, fullName }: Entry<K>): string =>
  lookup.resolve(kind, name).fullName === fullName ? name : fullName
