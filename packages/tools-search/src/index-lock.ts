/**
 * One process builds an index at a time; the others wait for it. The lock file appears with its owner in one step, and
 * an owner that does not live any more (process number and start time) is replaced. Should two waiting processes replace
 * the same dead owner at once, both build: each into a folder of its own, and the first that is ready wins.
 */
import { randomBytes } from "node:crypto"
import { link, readFile, rename, rm, writeFile } from "node:fs/promises"
import { hostname } from "node:os"
import { setTimeout as pause } from "node:timers/promises"

interface Owner {
  host: string
  pid: number
  start: string | undefined
  token: string
}

export interface WaitOptions {
  /** Called once, when another process holds the lock. */
  onWait?(owner: { host: string; pid: number }): void
  abortSignal?: AbortSignal | undefined
}

/** Waits until the lock is ours; call what comes back to release it. */
export async function lockIndex(path: string, { onWait, abortSignal }: WaitOptions = {}): Promise<() => Promise<void>> {
  const mine: Owner = {
    host: hostname(),
    pid: process.pid,
    start: await processStart(process.pid),
    token: randomBytes(8).toString("hex"),
  }
  const temporary = `${path}.${mine.token}`
  await writeFile(temporary, JSON.stringify(mine), { flag: "wx" })
  try {
    for (let told = false; ; ) {
      abortSignal?.throwIfAborted()
      if (await place(temporary, path)) {
        return async () => {
          if ((await read(path))?.token === mine.token) await rm(path, { force: true })
        }
      }
      const owner = await read(path)
      if (owner && !(await isAlive(owner))) {
        await rename(path, `${temporary}.dead`).catch(() => {})
        await rm(`${temporary}.dead`, { force: true })
        continue
      }
      if (owner && !told) onWait?.(owner)
      told = true
      await pause(100)
    }
  } finally {
    await rm(temporary, { force: true })
  }
}

async function place(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path)
    return true
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === "EEXIST") return false
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error
  }
  // A file system without links.
  return writeFile(path, await readFile(temporary), { flag: "wx" }).then(
    () => true,
    () => false,
  )
}

async function read(path: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Owner
  } catch {
    return undefined
  }
}

/** Whether a process of this number lives on this machine. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: string }).code === "EPERM"
  }
}

/** On another host nobody can tell, so the owner counts as alive. */
async function isAlive(owner: Owner): Promise<boolean> {
  if (owner.host !== hostname()) return true
  if (!isRunning(owner.pid)) return false
  const start = await processStart(owner.pid)
  return start === undefined || owner.start === undefined || start === owner.start
}

/** Boot and clock ticks of a process's start on Linux, so that a number used again is told apart; undefined elsewhere. */
async function processStart(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8")
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "")
    return `${boot.trim()}:${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`
  } catch {
    return undefined
  }
}
