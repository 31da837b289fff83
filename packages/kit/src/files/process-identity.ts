/**
 * Whether a process lives, and when it started, as text that no later process of the same number repeats. Linux says so in
 * /proc; elsewhere `ps` is asked. A zombie has ended: it only waits for its parent to hear of it.
 */
import { existsSync, programOutput, readFile } from "@swirl-ts/platform"
import { errorCode } from "../values/error-code.ts"

/** False also for a zombie. A process of another user, of which nothing can be read, lives. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (errorCode(error) !== "EPERM") return false
  }
  return !/^[ZXx]/.test((await describe(pid))?.state ?? "")
}

/** Undefined where nobody knows, and for a number that no process has. */
export async function processStart(pid: number): Promise<string | undefined> {
  return (await describe(pid))?.start
}

interface Description {
  /** One letter, perhaps with others behind it. */
  state: string
  start: string
}

async function describe(pid: number): Promise<Description | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined)
  if (stat === undefined) return existsSync("/proc/self/stat") ? undefined : askPs(pid)
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "")
  // The command's name stands in parentheses and may hold anything; behind the last one come fields 3 (state) to 22 (start).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  return { state: fields[0]!, start: `${boot.trim()}:${fields[19]}` }
}

export async function askPs(pid: number): Promise<Description | undefined> {
  try {
    // The start is written as a date, which should not depend on who asks.
    const env = { ...process.env, LC_ALL: "C", TZ: "UTC" }
    const stdout = await programOutput("ps", ["-o", "stat=", "-o", "lstart=", "-p", String(pid)], { env })
    const [, state, start] = /^\s*(\S+)\s+(.+?)\s*$/m.exec(stdout) ?? []
    return state !== undefined && start !== undefined ? { state, start } : undefined
  } catch {
    return undefined
  }
}
