/** A model before which the cache is asked. What the cache answers is marked, so that nobody counts it as spent. */
import { contentHash, type GenerateResult, type LanguageModel, type OpenModel } from "@swirl-ts/core"
import { answeringBy } from "@swirl-ts/kit"
import { policySlug } from "@swirl-ts/store"
import { requestKey } from "./cache-entry.ts"
import type { CacheOwner, ResponseCache } from "./response-cache.ts"

/** `model`: its string without aliases; `options`: what it was opened with, addresses and keys aside. */
export function cachedModel(
  cache: ResponseCache,
  opened: OpenModel,
  { model: name, options }: { model: string; options: Readonly<Record<string, unknown>> },
): LanguageModel {
  const { model, identity, identityIsDigest } = opened
  const servers = opened.servers && [...opened.servers].sort()
  const { baseUrl, ...others } = options
  const of = [model.provider, identity, servers ?? baseUrl, others]
  const folder = policySlug(name, { identity: contentHash(of), identityIsDigest })
  const owner: CacheOwner = { model: name, servers, folder }
  return answeringBy(model, async (asked) => {
    const key = requestKey(of, asked)
    const known = await cache.get(owner, key)
    if (known) return { ...(known as unknown as GenerateResult), cached: true }
    const result = await model.doGenerate(asked)
    await cache.put(owner, key, result)
    return result
  })
}
