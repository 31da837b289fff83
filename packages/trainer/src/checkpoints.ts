/**
 * `checkpoints/<n>/`: the engine's state after step n. A checkpoint is written elsewhere, made durable and then renamed,
 * so a folder with a number for a name is always complete, whenever the process was killed.
 */
import type { Engine } from "@swirl-ts/core"
import { makeFolder, syncPath } from "@swirl-ts/kit"
import { join, mkdir, readdir, rename, rm } from "@swirl-ts/platform"

export interface Checkpoints {
  path(step: number): string
  /** Steps of the complete ones, the oldest first. */
  steps(): Promise<number[]>
  /** `also`: one that stays, however old it is. */
  save(engine: Pick<Engine, "saveState">, step: number, also?: number): Promise<void>
}

/** `keep`: how many of the newest stay. */
export async function openCheckpoints(directory: string, keep: number): Promise<Checkpoints> {
  const folder = join(directory, "checkpoints")
  const path = (step: number): string => join(folder, String(step))
  await makeFolder(folder)
  // What a killed process was writing or removing.
  for (const name of await readdir(folder)) {
    if (name.startsWith(".")) await rm(join(folder, name), { recursive: true, force: true })
  }
  const steps = async (): Promise<number[]> =>
    (await readdir(folder))
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => a - b)

  return {
    path,
    steps,
    async save(engine, step, also) {
      const temporary = join(folder, `.writing-${step}`)
      await rm(temporary, { recursive: true, force: true })
      await mkdir(temporary)
      await engine.saveState(temporary)
      await syncTree(temporary)
      await rename(temporary, path(step))
      await syncPath(folder)
      for (const old of (await steps()).slice(0, -keep)) {
        if (old === also) continue
        const removing = join(folder, `.removing-${old}`)
        await rename(path(old), removing)
        await rm(removing, { recursive: true, force: true })
      }
    },
  }
}

async function syncTree(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const child = join(directory, entry.name)
    await (entry.isDirectory() ? syncTree(child) : syncPath(child))
  }
  await syncPath(directory)
}
