/** The run folders under a folder: itself, and those of an experiment's jobs below it. */
import { type Dirent, existsSync } from "node:fs"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { errorCode } from "@swirl-ts/kit"
import { runPaths } from "@swirl-ts/store"

/** What a run folder holds itself; a row of an experiment may have such a name, and is then a run. */
const stages = new Set(["train", "eval", "report", "node_modules"])

/** In path order; a folder is a run when it has run.json, or records of one. */
export async function findRuns(directory: string, depth = 3): Promise<string[]> {
  const found = isRun(directory) ? [directory] : []
  if (depth === 0) return found
  for (const name of await foldersIn(directory)) {
    const folder = join(directory, name)
    if ((!stages.has(name) || isRun(folder)) && !name.startsWith("."))
      found.push(...(await findRuns(folder, depth - 1)))
  }
  return found
}

function isRun(directory: string): boolean {
  const { run, trajectories } = runPaths(directory)
  return existsSync(run) || existsSync(trajectories)
}

/** Names of the folders in a folder, sorted; none where it does not exist. */
export const foldersIn = async (directory: string): Promise<string[]> =>
  (await entriesIn(directory)).filter((entry) => entry.isDirectory()).map((entry) => entry.name)

/** Names of the files in a folder that end in `suffix`, sorted. */
export const filesIn = async (directory: string, suffix: string): Promise<string[]> =>
  (await entriesIn(directory))
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => entry.name)

async function entriesIn(directory: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true })
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    if (errorCode(error) === "ENOENT") return []
    throw error
  }
}
