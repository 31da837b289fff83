/**
 * One file of a dataset on the Hugging Face hub, into the cache: by the hub's own client, resumable, checked.
 * Invariant: a file under its final name is complete and has the pinned SHA-256; everything else is a `.part`.
 * A part belongs to the process whose id it bears; the part of a process that has ended is continued by the next one.
 */
import { createHash } from "node:crypto"
import { createReadStream, createWriteStream } from "node:fs"
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import type { ReadableStream } from "node:stream/web"
import { downloadFile, fileDownloadInfo } from "@huggingface/hub"
import { errorMessage, type Host, SwirlError } from "@swirl-ts/core"

export interface RemoteFile {
  /** `owner/name` of the dataset. */
  repository: string
  /** A commit, so that the file never changes. */
  revision: string
  path: string
  sha256: string
}

const running = new Map<string, Promise<string>>()

/** Returns where the file is; downloads it first where it is not there. Callers at the same time share one download. */
export function download(file: RemoteFile, host: Host): Promise<string> {
  const target = join(host.cacheDirectory, "datasets", file.repository.replace("/", "--"), file.revision, file.path)
  let result = running.get(target)
  if (!result) {
    result = fetchOnce(file, target, host).finally(() => running.delete(target))
    running.set(target, result)
  }
  return result
}

async function fetchOnce(file: RemoteFile, target: string, host: Host): Promise<string> {
  if (await sizeOf(target)) return target
  const hub = (host.environment.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, "")
  const what = `${file.path} of ${file.repository} from ${hub}`
  try {
    await mkdir(dirname(target), { recursive: true })
    const part = await ownPart(target)
    // A part that does not lead to the pinned file is worth nothing: the second round starts from its beginning.
    for (const round of ["continue", "anew"] as const) {
      if (round === "anew") await rm(part, { force: true })
      await fill(part, file, hub, what, host)
      if ((await sha256Of(part)) === file.sha256) {
        await rename(part, target)
        return target
      }
    }
    await rm(part, { force: true })
    throw new Error("what came has another SHA-256 than the pinned one")
  } catch (error) {
    throw new SwirlError(
      `Could not download ${what}: ${reason(error)}. Run it again to go on where it stopped, or give the file with --data PATH.`,
      { cause: error },
    )
  }
}

/** Appends to a part what is missing of it. */
async function fill(part: string, file: RemoteFile, hub: string, what: string, host: Host): Promise<void> {
  const repo = { type: "dataset", name: file.repository } as const
  const location = { repo, path: file.path, revision: file.revision, hubUrl: hub }
  const info = await fileDownloadInfo(location)
  if (!info) throw new Error("the hub has no such file")
  let have = await sizeOf(part)
  if (have > info.size) {
    await rm(part)
    have = 0
  }
  if (have === info.size) return
  host.log(`Downloading ${what} (${megabytes(info.size)} MB${have ? `, ${megabytes(have)} MB are there` : ""})`)
  const blob = await downloadFile({ ...location, downloadInfo: info, xet: false })
  if (!blob) throw new Error("the hub has no such file")
  const rest = have ? blob.slice(have) : blob
  await pipeline(Readable.fromWeb(rest.stream() as ReadableStream), createWriteStream(part, { flags: "a" }))
  const got = await sizeOf(part)
  if (got < info.size) throw new Error(`the connection ended after ${got} of ${info.size} bytes`)
}

/** This process's part of a file, made of one that an ended process left where there is one. */
async function ownPart(target: string): Promise<string> {
  const own = `${target}.${process.pid}.part`
  if (await sizeOf(own)) return own
  for (const name of await readdir(dirname(target))) {
    const owner = name.startsWith(`${basename(target)}.`) ? /\.(\d+)\.part$/.exec(name)?.[1] : undefined
    if (owner && !isRunning(Number(owner))) {
      await rename(join(dirname(target), name), own).catch(() => undefined)
      break
    }
  }
  return own
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}

const sizeOf = async (file: string): Promise<number> => (await stat(file).catch(() => undefined))?.size ?? 0
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256")
  await pipeline(createReadStream(file), hash)
  return hash.digest("hex")
}

/** `fetch failed` says nothing; its cause does. */
function reason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  return cause === undefined ? errorMessage(error) : `${errorMessage(error)} (${errorMessage(cause)})`
}
