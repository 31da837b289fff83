/**
 * One process writes a run folder at a time. The lock file names its owner (host, process id, start time). It appears
 * with its content in one step (link), so nobody reads half of it; a dead owner is replaced at once, and only by the
 * process that holds the take-over of exactly that dead lock, so two that find it dead cannot both get it.
 */
import { randomBytes } from "node:crypto"
import { unlinkSync } from "node:fs"
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { hostname } from "node:os"
import { join } from "node:path"
import { contentHash, SwirlError } from "@swirl-ts/core"
import { z } from "zod"
import { onDisk } from "./disk-errors.ts"
import { isRunning, processStart } from "./process-identity.ts"
import { temporaryBeside } from "./write-atomic.ts"

const OwnerSchema = z.object({
  host: z.string(),
  pid: z.int(),
  processStart: z.string().optional(),
  since: z.string(),
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
  await onDisk("create", directory, () => mkdir(directory, { recursive: true }))
  const path = join(directory, "lock")
  const holder = await onDisk("write", path, () => tryAcquire(path))
  if (holder) throw heldBy(holder, directory, path)
  const removeOnExit = (): void => {
    try {
      unlinkSync(path)
    } catch {}
  }
  process.once("exit", removeOnExit)
  let released = false
  return {
    path,
    async release() {
      if (released) return
      released = true
      process.removeListener("exit", removeOnExit)
      await rm(path, { force: true })
    },
  }
}

/** Undefined when the lock is ours now, else the live owner. */
async function tryAcquire(path: string): Promise<Owner | undefined> {
  const mine: Owner = {
    host: hostname(),
    pid: process.pid,
    processStart: await processStart(process.pid),
    since: new Date().toISOString(),
    token: randomBytes(8).toString("hex"),
  }
  const temporary = temporaryBeside(path)
  await writeFile(temporary, JSON.stringify(mine), { flag: "wx" })
  try {
    for (let unreadable = 0; ; ) {
      if (await place(temporary, path, mine)) return undefined
      const content = await readFile(path, "utf8").catch(() => undefined)
      if (content === undefined) continue
      const owner = readOwner(content)
      if (owner && (await isAlive(owner))) return owner
      // Only file systems without links show a lock before its content; it comes within moments.
      if (!owner && unreadable++ < 20) {
        await pause(50)
        continue
      }
      if (await takeOver(path, content, temporary)) return undefined
      await pause(10)
    }
  } finally {
    await rm(temporary, { force: true })
  }
}

async function place(temporary: string, path: string, mine: Owner): Promise<boolean> {
  try {
    await link(temporary, path)
    return true
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === "EEXIST") return false
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error
  }
  try {
    await writeFile(path, JSON.stringify(mine), { flag: "wx" })
    return true
  } catch (error) {
    if ((error as { code?: string }).code === "EEXIST") return false
    throw error
  }
}

/** Replaces a dead lock by ours. Whoever holds the take-over of this content is alone with it; it is a lock itself. */
async function takeOver(path: string, dead: string, temporary: string): Promise<boolean> {
  const takeOverPath = `${path}.${contentHash(dead, 8)}`
  if (await tryAcquire(takeOverPath)) return false
  try {
    const now = await readFile(path, "utf8").catch(() => undefined)
    if (now !== dead) return false
    await rename(temporary, path)
    return true
  } finally {
    await rm(takeOverPath, { force: true })
  }
}

function readOwner(content: string): Owner | undefined {
  try {
    return OwnerSchema.safeParse(JSON.parse(content)).data
  } catch {
    return undefined
  }
}

async function isAlive(owner: Owner): Promise<boolean> {
  if (owner.host !== hostname()) return true
  if (!isRunning(owner.pid)) return false
  const start = await processStart(owner.pid)
  return start === undefined || owner.processStart === undefined || start === owner.processStart
}

function heldBy(owner: Owner, directory: string, path: string): SwirlError {
  const here = owner.host === hostname()
  const who =
    here && owner.pid === process.pid
      ? "this process itself"
      : `process ${owner.pid}${here ? "" : ` on ${owner.host}`}, since ${owner.since}`
  const advice = here
    ? "Wait for it to end, stop it, or use another folder (--run)."
    : `If nothing runs there any more, delete ${path}.`
  return new SwirlError(`${directory} is being written by ${who}. ${advice}`)
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))
