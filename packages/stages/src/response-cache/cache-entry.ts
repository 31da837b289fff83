/**
 * One answer of a model as a file of the cache. It says its key and a digest of itself, so that what a kill, a full disk or a
 * hand has changed is told from what was written: it counts as not there.
 */
import { contentHash, type GenerateOptions, type GenerateResult, readGeneration } from "@swirl-ts/core"
import { parseJson } from "@swirl-ts/kit"
import { z } from "zod"

const EntrySchema = z.object({
  schema: z.literal("swirl.cached-response/1"),
  key: z.string(),
  /** As it was asked for, e.g. `openai:m`, and where it is served. */
  model: z.string(),
  servers: z.array(z.string()).optional(),
  madeAt: z.string(),
  result: z.looseObject({ content: z.array(z.looseObject({ type: z.string() })) }),
  /** Of all other fields. */
  digest: z.string(),
})
export type CacheEntry = z.infer<typeof EntrySchema>

/** `model`: what was opened, e.g. its provider, identity and servers. Everything of a request that can change its answer counts. */
export function requestKey(model: unknown, options: GenerateOptions): string {
  const { abortSignal: _signal, providerOptions, ...asked } = options
  const { swirl, ...others } = providerOptions ?? {}
  // Of two calls that begin alike a server may keep the beginning, which changes no answer.
  const { prefixKey: _prefix, ...own } = swirl ?? {}
  return contentHash([model, asked, others, own], 32)
}

/** Undefined of what is no answer (a turn that failed, or that cannot be read), and of what is no JSON. */
export function entryText(
  { key, model, servers }: Pick<CacheEntry, "key" | "model" | "servers">,
  result: GenerateResult,
): string | undefined {
  const { content, finishReason, usage, providerMetadata } = result
  try {
    if (readGeneration(result).finishReason === "error") return undefined
    const answer = { content, finishReason, usage, providerMetadata }
    const madeAt = new Date().toISOString()
    const schema = "swirl.cached-response/1" as const
    const entry = JSON.parse(JSON.stringify({ schema, key, model, servers, madeAt, result: answer })) as object
    return JSON.stringify({ ...entry, digest: contentHash(entry, 32) })
  } catch {
    return undefined
  }
}

/** Undefined where the text is not as it was written, or is another key's. */
export function readEntry(text: string, key?: string): CacheEntry | undefined {
  const value = parseJson(text)
  const { data } = EntrySchema.safeParse(value)
  if (!data || (key !== undefined && data.key !== key)) return undefined
  const { digest, ...entry } = value as CacheEntry
  return contentHash(entry, 32) === digest ? data : undefined
}
