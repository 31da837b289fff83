/**
 * Content hashes and seeds. Equal content gives equal text here whatever the order of object keys,
 * and every random draw is seeded by a hash of what it is for, never by a shared stream.
 */
import { createHash } from "@swirl-ts/platform"

/** JSON with sorted object keys and without undefined fields: equal content, equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  )
}

/** The first `length` hex digits of the SHA-256 of a text, or of the canonical JSON of anything else. */
export function contentHash(value: unknown, length = 16): string {
  const text = typeof value === "string" ? value : canonicalJson(value)
  return createHash("sha256").update(text).digest("hex").slice(0, length)
}

/** A seed in [0, 2^32) from what the draw is for, e.g. `seedFrom(runSeed, taskId, epoch, step, sample)`. */
export function seedFrom(...parts: readonly (string | number)[]): number {
  return Number.parseInt(contentHash(parts, 8), 16)
}

/** `local:./My Model` -> `local-my-model`: safe as a folder name. Of a long text the end is kept, or its start. */
export function slug(text: string, keep: "start" | "end" = "end"): string {
  const words = text
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, "-")
    .replace(/[-.]*-[-.]*/g, "-")
  const kept = keep === "end" ? words.slice(-60) : words.replace(/^[-.]+/, "").slice(0, 60)
  return kept.replace(/^[-.]+|[-.]+$/g, "") || "unnamed"
}
