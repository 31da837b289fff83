/** Where a recording is, from what a person names: a run folder, its folder `eval/<policy>`, or one file of trajectories. */
import { SwirlError } from "@swirl-ts/core"
import { join, readdir, stat } from "@swirl-ts/platform"
import { evaluatedPolicies } from "./evaluations.ts"
import { runPaths } from "./paths.ts"

/** Files of trajectories, sorted; a compressed one under the name that it is read by. A usage error where there is none. */
export async function trajectoryFilesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined)
  if (!found) throw usage(`There is no recorded run at ${path}.`)
  if (found.isFile()) return [path]
  const evaluated = await Promise.all(
    (await evaluatedPolicies(path)).map((policy) => filesIn(join(path, "eval", policy))),
  )
  const files = [...(await filesIn(path)), ...evaluated.flat()]
  if (files.length === 0)
    throw usage(`${path} holds no trajectories. Record some: swirl eval <benchmark> --model <model> --run ${path}`)
  return files
}

async function filesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).map((name) => name.replace(/\.jsonl\.gz$/, ".jsonl"))
  const generated = runPaths(folder).trajectories
  return [...new Set(names)]
    .map((name) => join(folder, name))
    .filter((path) => path === generated || path.endsWith(".trajectories.jsonl"))
    .sort()
}

const usage = (message: string): SwirlError => new SwirlError(message, { kind: "usage" })
