/** Bytes that the machine has, or the container, whichever is less. */
import { freemem, readFileSync, totalmem } from "@swirl-ts/platform"

export function totalMemory(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}

/** Bytes that this process may still take: what the machine has free, or the container, whichever is less. */

export function freeMemory(): number {
  const limit = process.constrainedMemory()
  if (!(limit > 0 && limit < totalmem())) return freemem()
  const used = containerUse() ?? process.memoryUsage.rss()
  return Math.max(0, Math.min(freemem(), limit - used))
}

/** What the container holds, without the files that it caches and would let go; both generations of control groups. */
function containerUse(): number | undefined {
  const groups = [
    ["/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory.stat", "inactive_file"],
    ["/sys/fs/cgroup/memory/memory.usage_in_bytes", "/sys/fs/cgroup/memory/memory.stat", "total_inactive_file"],
  ] as const
  for (const [current, stat, cached] of groups) {
    try {
      const [, files = "0"] = new RegExp(`^${cached} (\\d+)$`, "m").exec(readFileSync(stat, "utf8")) ?? []
      return Number(readFileSync(current, "utf8")) - Number(files)
    } catch {
      // Not this generation, or not Linux.
    }
  }
  return undefined
}
