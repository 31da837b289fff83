/**
 * Which models on a server are whose, by files in the cache folder: those of a process that has died hold a slot until their session
 * is forgotten, so the next one gives them back. Invariant: a model of a process that lives is left alone.
 */
import { mkdir, readdir, readFile, rm } from "node:fs/promises"
import { join } from "node:path"
import { contentHash, type Host } from "@swirl-ts/core"
import { isRunning, parseJson, writeFileAtomic } from "@swirl-ts/kit"

export interface LeftModels {
  claim(modelId: string): Promise<void>
  release(modelId: string): Promise<void>
  /** Ids of models whose processes have died. */
  abandoned(): Promise<string[]>
}

export function leftModels(url: string, { cacheDirectory }: Host): LeftModels {
  const folder = join(cacheDirectory, "engine-tinker", contentHash(url).slice(0, 16))
  const fileOf = (modelId: string): string => join(folder, `${modelId.replace(/[^\w-]/g, "_")}.json`)
  return {
    async claim(modelId) {
      await mkdir(folder, { recursive: true })
      await writeFileAtomic(fileOf(modelId), JSON.stringify({ modelId, pid: process.pid }))
    },
    release: (modelId) => rm(fileOf(modelId), { force: true }),
    async abandoned() {
      const names = await readdir(folder).catch(() => [])
      const found = await Promise.all(
        names.map(async (name) => {
          const claim = parseJson(await readFile(join(folder, name), "utf8").catch(() => "")) as
            | { modelId?: unknown; pid?: unknown }
            | undefined
          if (typeof claim?.modelId !== "string" || typeof claim.pid !== "number") return []
          return (await isRunning(claim.pid)) ? [] : [claim.modelId]
        }),
      )
      return found.flat()
    },
  }
}
