/**
 * Indexes on disk, one folder each below `<cache>/indexes`, named by what they were made of. A folder appears complete,
 * by renaming, with a manifest that names every file with its size and checksum; opening verifies them, and whatever is
 * torn, changed or of another version is built anew, which is said. Who builds holds the lock; others wait and open what
 * was built.
 */
import { canonicalJson, contentHash, errorMessage, type Host, SwirlError } from "@swirl-ts/core"
import { isObject, isRunning, parseJson, waitForLock } from "@swirl-ts/kit"
import {
  basename,
  closeSync,
  crc32,
  dirname,
  join,
  mkdir,
  openSync,
  randomBytes,
  readdir,
  readFile,
  readSync,
  rename,
  rm,
  stat,
  writeFile,
} from "@swirl-ts/platform"

/** Up to this much content is read to verify it; of larger files only the sizes are. */
const mostVerified = 2 ** 30

type Made = Readonly<Record<string, unknown>>

interface Manifest<Facts> {
  schema: "swirl.index/1"
  /** What the index was made of and by which version; equal content, equal index. */
  made: Made
  facts: Facts
  files: { path: string; bytes: number; crc32?: number }[]
  /** Hash of the rest. */
  check: string
}

export interface StoredIndex<Facts, Index> {
  host: Host
  /** For people: begins the folder's name. */
  name: string
  /** Everything that decides about the index, versions included. */
  made: Made
  build(directory: string): Promise<Facts>
  open(directory: string, facts: Facts): Index | Promise<Index>
  abortSignal?: AbortSignal | undefined
}

const indexDirectory = (host: Host): string => join(host.cacheDirectory, "indexes")

/** Folder of an index. */
function indexPath({ host, name, made }: Pick<StoredIndex<unknown, unknown>, "host" | "name" | "made">): string {
  return join(indexDirectory(host), `${name}-${contentHash(made)}`)
}

/** Opens the index if it is stored and sound; undefined where there is none, or a reason why it cannot be used. */
export async function openStored<Facts, Index>(
  stored: StoredIndex<Facts, Index>,
): Promise<{ index: Index } | { problem: string } | undefined> {
  const path = indexPath(stored)
  let text: string
  try {
    text = await readFile(join(path, "manifest.json"), "utf8")
  } catch {
    return (await stat(path).catch(() => undefined)) ? { problem: "it has no manifest" } : undefined
  }
  try {
    const manifest = readManifest<Facts>(text, stored.made)
    await verify(path, manifest)
    return { index: await stored.open(path, manifest.facts) }
  } catch (error) {
    return { problem: errorMessage(error) }
  }
}

/** Opens the index, or builds it first. */
export async function openOrBuild<Facts, Index>(stored: StoredIndex<Facts, Index>): Promise<Index> {
  const found = await openStored(stored)
  if (found && "index" in found) return found.index
  const { host } = stored
  const path = indexPath(stored)
  const lock = await waitForLock(`${path}.lock`, {
    abortSignal: stored.abortSignal,
    onWait: ({ pid }) => host.log(`Process ${pid} is building the search index; waiting for it.`),
  })
  try {
    const now = await openStored(stored)
    if (now && "index" in now) return now.index
    if (now) host.log(`The search index ${path} cannot be used: ${now.problem}. It is built anew.`)
    else for (const line of await olderIndexes(stored)) host.log(line)
    await removeLeftOvers(path)
    const temporary = `${path}.building-${process.pid}-${randomBytes(4).toString("hex")}`
    await mkdir(temporary)
    try {
      const facts = await stored.build(temporary)
      await writeManifest(temporary, stored.made, facts)
      await rm(path, { recursive: true, force: true })
      await rename(temporary, path)
    } finally {
      await rm(temporary, { recursive: true, force: true })
    }
    const built = await openStored(stored)
    if (built && "index" in built) return built.index
    throw new SwirlError(
      `The search index ${path} was built and cannot be opened: ${built?.problem ?? "it is gone"}. Is the disk full?`,
    )
  } finally {
    await lock.release()
  }
}

/** Parts of `made` that are raised when the code changes, and what an index of before lacks. */
const versions: Readonly<Record<string, string>> = {
  analysis: "texts are taken apart otherwise now",
  version: "its files are of another form now",
}

/** A sentence for each index of the same passages that other code has made. It stays: that code may be in use. */
async function olderIndexes({ host, name, made }: StoredIndex<unknown, unknown>): Promise<string[]> {
  const directory = indexDirectory(host)
  const lines: string[] = []
  for (const entry of await readdir(directory)) {
    if (!entry.startsWith(`${name}-`)) continue
    const text = await readFile(join(directory, entry, "manifest.json"), "utf8").catch(() => "")
    const old = (parseJson(text) as Manifest<unknown> | undefined)?.made
    if (!isObject(old)) continue
    const other = Object.keys(versions).filter((key) => old[key] !== made[key])
    const asNow = Object.fromEntries(other.map((key) => [key, made[key]]))
    if (other.length === 0 || canonicalJson({ ...old, ...asNow }) !== canonicalJson(made)) continue
    const why = other.map((key) => `${versions[key]} (${key} ${made[key]}, not ${old[key]})`).join(", ")
    lines.push(
      `The search index ${join(directory, entry)} is not used: ${why}. The passages are indexed anew; delete the old index where no older swirl uses it.`,
    )
  }
  return lines
}

async function writeManifest(directory: string, made: Made, facts: unknown): Promise<void> {
  const paths = (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort()
  const sizes = await Promise.all(paths.map(async (path) => (await stat(join(directory, path))).size))
  const check = sizes.reduce((sum, size) => sum + size, 0) <= mostVerified
  const files = paths.map((path, i) => ({
    path,
    bytes: sizes[i]!,
    ...(check ? { crc32: checksum(join(directory, path)) } : {}),
  }))
  const content = { schema: "swirl.index/1", made, facts, files }
  await writeFile(
    join(directory, "manifest.json"),
    `${JSON.stringify({ ...content, check: contentHash(content) }, null, 1)}\n`,
    { flag: "wx", flush: true },
  )
}

function readManifest<Facts>(text: string, made: Made): Manifest<Facts> {
  const manifest = parseJson(text) as Manifest<Facts> | undefined
  if (!manifest) throw new Error("its manifest is torn")
  const { check, ...content } = manifest
  if (content.schema !== "swirl.index/1") throw new Error(`its manifest is of another version (${content.schema})`)
  if (check !== contentHash(content)) throw new Error("its manifest was changed")
  if (canonicalJson(content.made) !== canonicalJson(made)) throw new Error("it was made of something else")
  return manifest
}

async function verify(directory: string, { files }: Manifest<unknown>): Promise<void> {
  for (const file of files) {
    const path = join(directory, file.path)
    const bytes = (await stat(path).catch(() => undefined))?.size
    if (bytes === undefined) throw new Error(`${file.path} is missing`)
    if (bytes !== file.bytes) throw new Error(`${file.path} has ${bytes} bytes, not ${file.bytes}`)
    if (file.crc32 !== undefined && checksum(path) !== file.crc32) throw new Error(`${file.path} was changed`)
  }
}

function checksum(path: string): number {
  const file = openSync(path, "r")
  const piece = Buffer.allocUnsafe(1 << 22)
  try {
    let value = 0
    for (;;) {
      const read = readSync(file, piece)
      if (read === 0) return value
      value = crc32(piece.subarray(0, read), value)
    }
  } finally {
    closeSync(file)
  }
}

/** Folders of builders that died. */
async function removeLeftOvers(path: string): Promise<void> {
  const directory = dirname(path)
  for (const name of await readdir(directory)) {
    const prefix = `${basename(path)}.building-`
    if (!name.startsWith(prefix) || (await isRunning(Number.parseInt(name.slice(prefix.length), 10)))) continue
    await rm(join(directory, name), { recursive: true, force: true })
  }
}
