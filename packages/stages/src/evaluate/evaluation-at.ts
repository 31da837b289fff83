/** Where one policy's evaluation is, from what a person points at: a sample file, a folder `eval/<policy>`, or a run folder that holds one. */
import { SwirlError } from "@swirl-ts/core"
import { basename, join, readdir, stat } from "@swirl-ts/platform"
import { runPaths, sampleFiles } from "@swirl-ts/store"

/** The file or the folder `eval/<policy>`; a usage error where there is none, or more than one to choose from. */
export async function evaluationAt(path: string): Promise<string> {
  const info = await stat(path).catch(() => undefined)
  if (!info)
    throw new SwirlError(`There is no evaluation at ${path}. Make one: swirl eval <benchmark> --run <folder>`, {
      kind: "usage",
    })
  if (!info.isDirectory()) return path
  const found = await evaluationsUnder(path)
  if (found.length === 1) return found[0]!
  throw new SwirlError(
    found.length === 0
      ? `${path} holds no evaluation: neither samples of a policy nor a folder eval/<policy> that has some. Make one: swirl eval <benchmark> --run ${path}`
      : `${path} holds the evaluations of ${found.length} policies; name one of them in its place:\n${found.map((each) => `  ${each}`).join("\n")}`,
    { kind: "usage" },
  )
}

/** Of a run folder those in its `eval`, of a folder of samples itself, of a folder of runs (an experiment's) those below it. */
async function evaluationsUnder(path: string, depth = 3): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  if (folders.includes("eval")) return evaluationsUnder(join(path, "eval"), 1)
  const isRun = entries.some(({ name }) => name === basename(runPaths(path).run))
  if (!isRun && (await sampleFiles(path)).length > 0) return [path]
  if (isRun || depth === 0) return []
  const found: string[] = []
  for (const folder of folders.sort())
    if (!folder.startsWith(".") && folder !== "node_modules")
      found.push(...(await evaluationsUnder(join(path, folder), depth - 1)))
  return found
}
