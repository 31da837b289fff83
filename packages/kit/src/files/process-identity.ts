/** When a process started, as text that no later process of the same number repeats; undefined where nobody knows. */
import { execFile } from "node:child_process"
import { readFile } from "node:fs/promises"
import { promisify } from "node:util"

/** Linux: boot id and clock ticks of /proc/<pid>/stat; elsewhere what `ps` says. */
export async function processStart(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8")
    // The command's name stands in parentheses and may hold anything; field 22 counts from behind the last one.
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "")
    return `${boot.trim()}:${ticks}`
  } catch {
    if (process.platform === "linux" || process.platform === "win32") return undefined
  }
  try {
    const { stdout } = await promisify(execFile)("ps", ["-o", "lstart=", "-p", String(pid)])
    return stdout.trim() || undefined
  } catch {
    return undefined
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: string }).code === "EPERM"
  }
}
