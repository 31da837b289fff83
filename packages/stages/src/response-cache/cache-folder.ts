/**
 * The folder of the cache: a folder a model, in it a file an answer. A file appears whole, by a rename, and is never changed,
 * so any number of processes read, add and delete at once; one that is gone was deleted by another.
 */
import type { Host } from "@swirl-ts/core"
import { errorCode, temporaryBeside } from "@swirl-ts/kit"
import { dirname, join, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "@swirl-ts/platform"
import { readEntry } from "./cache-entry.ts"

export const cacheFolder = ({ cacheDirectory }: Pick<Host, "cacheDirectory">): string =>
  join(cacheDirectory, "responses")

export const entryPath = (folder: string, model: string, key: string): string =>
  join(folder, model, key.slice(0, 2), `${key}.json`)

/** Undefined where there is none. Reading marks it as used, where the folder takes a mark. */
export async function readFileOfCache(path: string): Promise<string | undefined> {
  try {
    const text = await readFile(path, "utf8")
    const { mtime } = await stat(path)
    await utimes(path, new Date(), mtime).catch(() => {})
    return text
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined
    throw error
  }
}

/** Not brought to disk at once: what a power cut tears is found by its digest. */
export async function writeFileOfCache(path: string, text: string): Promise<void> {
  const temporary = temporaryBeside(path)
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(temporary, text, { flag: "wx", mode: 0o600 })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

interface CachedFile {
  path: string
  /** Name of the model's folder. */
  folder: string
  bytes: number
  /** Milliseconds since 1970. */
  made: number
  used: number
}

/** Every answer, and what killed processes have left half written. */
async function filesOf(folder: string): Promise<CachedFile[]> {
  const files: CachedFile[] = []
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return []
    throw error
  })
  for (const entry of names) {
    if (!entry.isFile() || !/\.(json|tmp)$/.test(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    const found = await stat(path).catch(() => undefined)
    if (found)
      files.push({
        path,
        folder: path.slice(folder.length + 1).split(/[\\/]/, 1)[0]!,
        bytes: found.size,
        made: found.mtimeMs,
        used: Math.max(found.atimeMs, found.mtimeMs),
      })
  }
  return files
}

export interface CachedModel {
  model: string
  /** Where it is served, for models that are. */
  servers?: string[]
  answers: number
  bytes: number
  /** Of its answers. */
  oldest: string
  newest: string
  lastUsed: string
}

/** What is kept, by model; the largest first. */
export async function listCache(folder: string): Promise<{ folder: string; bytes: number; models: CachedModel[] }> {
  const files = await filesOf(folder)
  const models = await Promise.all(
    [...Map.groupBy(files, (file) => file.folder)].map(async ([name, own]): Promise<CachedModel> => {
      const { model, servers } = (await anyEntry(own)) ?? { model: name }
      return {
        model,
        servers,
        answers: own.filter(({ path }) => path.endsWith(".json")).length,
        bytes: sum(own),
        oldest: iso(Math.min(...own.map(({ made }) => made))),
        newest: iso(Math.max(...own.map(({ made }) => made))),
        lastUsed: iso(Math.max(...own.map(({ used }) => used))),
      }
    }),
  )
  return { folder, bytes: sum(files), models: models.sort((a, b) => b.bytes - a.bytes) }
}

async function anyEntry(files: readonly CachedFile[]) {
  for (const { path } of files.slice(0, 20)) {
    const entry = readEntry(await readFile(path, "utf8").catch(() => ""))
    if (entry) return entry
  }
  return undefined
}

export interface PruneRequest {
  /** Answers that are older go. */
  olderThan?: number
  /** Bytes that may stay: the answers that were used longest ago go. */
  maxBytes?: number
  /** Only of models whose name holds this. */
  model?: string
}

export interface Pruned {
  deleted: number
  bytesDeleted: number
  left: number
  bytesLeft: number
}

/** Deletes what the request says, nothing without one. `olderThan` in milliseconds. */
export async function pruneCache(
  folder: string,
  { olderThan = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY, model }: PruneRequest,
): Promise<Pruned> {
  const now = Date.now()
  const all = await filesOf(folder)
  const meant = model === undefined ? all : await ofModel(all, model)
  const isLeft = (path: string, made: number) => path.endsWith(".tmp") && now - made > leftForDead
  const old = meant.filter(({ made, path }) => now - made > olderThan || isLeft(path, made))
  const gone = new Set(old)
  let bytes = sum(meant) - sum(old)
  for (const file of meant.filter((each) => !gone.has(each)).sort((a, b) => a.used - b.used)) {
    if (bytes <= maxBytes) break
    gone.add(file)
    bytes -= file.bytes
  }
  for (const { path } of gone) await rm(path, { force: true })
  const left = all.filter((file) => !gone.has(file))
  return { deleted: gone.size, bytesDeleted: sum([...gone]), left: left.length, bytesLeft: sum(left) }
}

/** Milliseconds after which nobody writes any more to a file that was never finished. */
const leftForDead = 3_600_000

async function ofModel(files: readonly CachedFile[], model: string): Promise<CachedFile[]> {
  const named = await Promise.all(
    [...Map.groupBy(files, ({ folder }) => folder).values()].map(async (own) =>
      ((await anyEntry(own))?.model ?? own[0]!.folder).includes(model) ? own : [],
    ),
  )
  return named.flat()
}

const sum = (files: readonly CachedFile[]): number => files.reduce((total, { bytes }) => total + bytes, 0)
const iso = (milliseconds: number): string => new Date(milliseconds).toISOString()
