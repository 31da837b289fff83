/**
 * One process at a time: writes a run folder, or builds an index. The lock file names its owner (host, process id, start
 * time). It appears with its content in one step (link), so nobody reads half of it; a dead owner is replaced at once, and
 * only by the process that holds the take-over of exactly that dead lock, so two that find it dead cannot both get it.
 */
import { contentHash, SwirlError } from "@swirl-ts/core"
import {
  dirname,
  hostname,
  join,
  link,
  pause,
  randomBytes,
  readFile,
  readFileSync,
  rename,
  rm,
  unlinkSync,
  writeFile,
} from "@swirl-ts/platform"
import { z } from "zod"
import { errorCode } from "../values/error-code.ts"
import { parseJson } from "../values/json.ts"
import { onDisk } from "./disk-errors.ts"
import { makeFolder } from "./make-folder.ts"
import { isRunning, processStart } from "./process-identity.ts"
import { readTextIfThere } from "./read-text.ts"
import { temporaryBeside } from "./write-atomic.ts"

const OwnerSchema = z.object({
  host: z.string(),
  pid: z.int(),
  processStart: z.string().optional(),
  since: z.string().optional(),
  /** Makes every lock ever taken another content. */
  token: z.string(),
})
type Owner = z.infer<typeof OwnerSchema>

export interface Lock {
  readonly path: string
  release(): Promise<void>
}

/** Takes `<directory>/lock`; a live owner is an error that says who it is. Released on exit at the latest. */
export async function acquireLock(directory: string): Promise<Lock> {
  const path = join(directory, "lock")
  return take(path, (owner) => {
    throw heldBy(owner, directory, path)
  })
}

export interface WaitOptions {
  /** Called once, where somebody else holds the lock. */
  onWait?(owner: { host: string; pid: number }): void
  abortSignal?: AbortSignal
}

/** Takes the lock file `path`, after its live owner. Released on exit at the latest. */
export async function waitForLock(path: string, { onWait, abortSignal }: WaitOptions = {}): Promise<Lock> {
  abortSignal?.throwIfAborted()
  let told = false
  return take(path, async (owner) => {
    if (!told) onWait?.(owner)
    told = true
    await pause(100, undefined, { signal: abortSignal }).catch(() => {})
    abortSignal?.throwIfAborted()
  })
}

/** Tries until the lock is ours; `held` throws where a live owner is the end of it. */
async function take(path: string, held: (owner: Owner) => void | Promise<void>): Promise<Lock> {
  await onDisk("create", dirname(path), () => makeFolder(dirname(path)))
  const mine = await newOwner()
  const temporary = temporaryBeside(path)
  await onDisk("write", path, async () => {
    await writeFile(temporary, mine, { flag: "wx" })
    try {
      for (let owner = await attempt(path, temporary); owner; owner = await attempt(path, temporary)) await held(owner)
    } finally {
      await rm(temporary, { force: true })
    }
  })
  const release = (): void => {
    process.removeListener("exit", release)
    try {
      if (readFileSync(path, "utf8") === mine) unlinkSync(path)
    } catch {}
  }
  process.once("exit", release)
  return { path, release: async () => release() }
}

async function newOwner(): Promise<string> {
  return JSON.stringify({
    host: hostname(),
    pid: process.pid,
    processStart: await processStart(process.pid),
    since: new Date().toISOString(),
    token: randomBytes(8).toString("hex"),
  } satisfies Owner)
}

/** Undefined when the lock has the content of `temporary` now, else the live owner. */
async function attempt(path: string, temporary: string): Promise<Owner | undefined> {
  for (let unreadable = 0; ; ) {
    if (await place(temporary, path)) return undefined
    const content = await readTextIfThere(path)
    if (content === undefined) continue
    const owner = OwnerSchema.safeParse(parseJson(content)).data
    if (owner && (await isAlive(owner))) return owner
    // Only file systems without links show a lock before its content; it comes within moments.
    if (!owner && unreadable++ < 20) {
      await pause(50)
      continue
    }
    if (await takeOver(path, content, temporary)) return undefined
    await pause(10)
  }
}

async function place(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path)
    return true
  } catch (error) {
    const code = errorCode(error)
    if (code === "EEXIST") return false
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error
  }
  // A file system without links.
  try {
    await writeFile(path, await readFile(temporary), { flag: "wx" })
    return true
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false
    throw error
  }
}

/** Replaces a dead lock by ours. Whoever holds the take-over of this content is alone with it; it is a lock itself. */
async function takeOver(path: string, dead: string, temporary: string): Promise<boolean> {
  const takeOverPath = `${path}.${contentHash(dead, 8)}`
  if (await attempt(takeOverPath, temporary)) return false
  try {
    if ((await readTextIfThere(path)) !== dead) return false
    await rename(temporary, path)
    return true
  } finally {
    await rm(takeOverPath, { force: true })
  }
}

async function isAlive(owner: Owner): Promise<boolean> {
  if (owner.host !== hostname()) return true
  if (!(await isRunning(owner.pid))) return false
  const start = await processStart(owner.pid)
  return start === undefined || owner.processStart === undefined || start === owner.processStart
}

function heldBy(owner: Owner, directory: string, path: string): SwirlError {
  const here = owner.host === hostname()
  const who =
    here && owner.pid === process.pid
      ? "this process itself"
      : `process ${owner.pid}${here ? "" : ` on ${owner.host}`}${owner.since ? `, since ${owner.since}` : ""}`
  const advice = here
    ? "Wait for it to end, stop it, or use another folder (--run)."
    : `If nothing runs there any more, delete ${path}.`
  return new SwirlError(`${directory} is being written by ${who}. ${advice}`, { kind: "usage" })
}
