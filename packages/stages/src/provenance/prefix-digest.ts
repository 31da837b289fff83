/**
 * The digest of a list of which the beginning may be all that was asked for: `30:<hex>` is of its first 30 texts. A longer
 * or shorter look at the same list agrees with it, so how much is asked decides nothing.
 */
import { createHash } from "@swirl-ts/platform"

export interface PrefixDigest {
  /** How many texts have to be added before it can be said whether the list is the same. */
  readonly upTo: number
  add(text: string): void
  /** Whether the list begins with what the earlier digest was of; true where there is none. */
  agrees(): boolean
  /** Of the longest beginning that is known to be the same; of what was added, where the lists differ. */
  value(): string
}

/** `before`: the digest of an earlier look. */
export function prefixDigest(before?: string): PrefixDigest {
  const upTo = before === undefined ? 0 : Number.parseInt(before, 10)
  const hash = createHash("sha256")
  let size = 0
  let then: string | undefined
  const now = (): string => `${size}:${hash.copy().digest("hex").slice(0, 16)}`
  if (upTo === 0) then = now()
  return {
    upTo,
    add(text) {
      hash.update(`${text.length} ${text}\n`)
      size++
      if (size === upTo) then = now()
    },
    agrees: () => before === undefined || then === before,
    value: now,
  }
}
