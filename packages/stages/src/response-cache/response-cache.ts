/**
 * Answers of models, kept over runs: the same request to the same model is answered by the file of before. Errors are never
 * kept. A cache that cannot be read or written changes nothing but what is spent: that is said once.
 */
import { errorMessage, type Host } from "@swirl-ts/core"
import { type CacheEntry, entryText, readEntry } from "./cache-entry.ts"
import { cacheFolder, entryPath, pruneCache, readFileOfCache, writeFileOfCache } from "./cache-folder.ts"

export interface CacheCounts {
  /** Answered from the cache. */
  hits: number
  /** Not there. */
  misses: number
  /** There, and torn or changed by hand: asked for anew. */
  damaged: number
  /** Written now. */
  kept: number
}

export interface ResponseCache {
  readonly counts: CacheCounts
  get(of: CacheOwner, key: string): Promise<CacheEntry["result"] | undefined>
  put(of: CacheOwner, key: string, result: Parameters<typeof entryText>[1]): Promise<void>
}

export interface CacheOwner extends Pick<CacheEntry, "model" | "servers"> {
  /** Name of its folder. */
  folder: string
}

/** `maxBytes`: what stays of it; it is looked after whenever a sixteenth of that was written. */
export function openResponseCache(
  host: Pick<Host, "cacheDirectory" | "log">,
  { maxBytes }: { maxBytes: number },
): ResponseCache {
  const folder = cacheFolder(host)
  const counts: CacheCounts = { hits: 0, misses: 0, damaged: 0, kept: 0 }
  let written = 0
  let pruning: Promise<unknown> | undefined
  let told = false
  const orTold = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work()
    } catch (error) {
      if (!told)
        host.log(`The cache of responses in ${folder} cannot be ${what}, so models are asked: ${errorMessage(error)}`)
      told = true
      return undefined
    }
  }
  return {
    counts,
    async get({ folder: model }, key) {
      const text = await orTold("read", () => readFileOfCache(entryPath(folder, model, key)))
      const entry = text === undefined ? undefined : readEntry(text, key)
      if (entry) counts.hits++
      else if (text === undefined) counts.misses++
      else counts.damaged++
      return entry?.result
    },
    async put(owner, key, result) {
      const text = entryText({ key, model: owner.model, servers: owner.servers }, result)
      if (text === undefined) return
      await orTold("written", async () => {
        await writeFileOfCache(entryPath(folder, owner.folder, key), text)
        counts.kept++
        written += Buffer.byteLength(text)
        if (written < maxBytes / 16 || pruning) return
        written = 0
        pruning = pruneCache(folder, { maxBytes }).finally(() => {
          pruning = undefined
        })
        await pruning
      })
    },
  }
}

/** `Responses: 12 from the cache, 3 asked for and kept`; undefined where nothing was asked. */
export function cacheInWords({ hits, misses, damaged, kept }: CacheCounts): string | undefined {
  if (hits + misses + damaged === 0) return undefined
  const broken = damaged > 0 ? ` (${damaged} of them were kept, but damaged)` : ""
  return `Responses: ${hits} from the cache, ${misses + damaged} asked for${broken}, ${kept} kept for later`
}
