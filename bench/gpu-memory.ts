/** What nvidia-smi says of the first GPU. Where there is no nvidia-smi nothing is said. */
import { execFile } from "node:child_process"
import { promisify } from "node:util"

const run = promisify(execFile)

async function query(fields: string): Promise<string[] | undefined> {
  try {
    const { stdout } = await run("nvidia-smi", [`--query-gpu=${fields}`, "--format=csv,noheader,nounits", "--id=0"])
    return stdout.trim().split(", ")
  } catch {
    return undefined
  }
}

export async function gpuName(): Promise<string | undefined> {
  const [name, driver, total] = (await query("name,driver_version,memory.total")) ?? []
  return name === undefined ? undefined : `${name}, ${total} MiB, driver ${driver}`
}

export interface MemoryWatch {
  /** The most that was used since the start, of every process on the GPU, less what was used then. */
  stop(): Promise<number | undefined>
}

/** Asks four times a second. TensorFlow takes memory in growing blocks, so the peak is that of its pool. */
export function watchGpuMemory(): MemoryWatch {
  let watching = true
  const peak = (async () => {
    let first: number | undefined
    let most: number | undefined
    while (watching) {
      const used = Number((await query("memory.used"))?.[0])
      if (!Number.isFinite(used)) return undefined
      first ??= used
      most = Math.max(most ?? 0, used - first)
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
    return most
  })()
  return {
    stop: () => {
      watching = false
      return peak
    },
  }
}
