/** Settings of all embedders of this package; whatever changes vectors is part of their identity. */
import { readOptions } from "@swirl-ts/kit"
import { z } from "zod"

const EmbeddersOptionsSchema = z.strictObject({
  /** Put before every query, e.g. `query: ` for the E5 models. */
  queryPrefix: z.string().default(""),
  /** Put before every passage. */
  passagePrefix: z.string().default(""),
  /** Texts a request or a forward pass. */
  batchSize: z.int().min(1).max(2048).default(64),
  /** Requests at once. */
  concurrency: z.int().min(1).max(64).default(4),
  /** Calls in all before a passing failure is given up. */
  attempts: z.int().min(1).default(6),
  /** Milliseconds before the second call; doubles each time. */
  firstDelay: z.number().min(0).default(500),
  /** Milliseconds a request may take. */
  timeout: z.number().positive().default(120_000),
})
export type EmbeddersOptions = z.input<typeof EmbeddersOptionsSchema>
export type EmbeddersSettings = z.output<typeof EmbeddersOptionsSchema>

export const readEmbeddersOptions = (options: EmbeddersOptions): EmbeddersSettings =>
  readOptions("plugin embedders", EmbeddersOptionsSchema, options)

/** What of the options is part of an embedder's identity; nothing where no prefix is set. */
export const prefixIdentity = ({ queryPrefix, passagePrefix }: EmbeddersSettings): string =>
  queryPrefix || passagePrefix ? `:${JSON.stringify([queryPrefix, passagePrefix])}` : ""
