/** The one place that reads the environment and the working directory; commander reads the variables of flags. */
import { homedir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import type { Host } from "@swirl-ts/core"

export function processHost(log: Host["log"]): Host {
  const environment = process.env
  const cacheHome = environment.SWIRL_CACHE ?? join(environment.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "swirl-ts")
  return { cacheDirectory: cacheHome, workingDirectory: process.cwd(), environment, log }
}

/** Conditions that an `import` of this process resolves packages by: Node's own, and those it was started with. */
export function importConditions(): Set<string> {
  const { values } = parseArgs({
    args: [...(process.env.NODE_OPTIONS ?? "").split(" "), ...process.execArgv],
    options: { conditions: { type: "string", short: "C", multiple: true, default: [] } },
    strict: false,
  })
  return new Set(["node", "import", "module-sync", "node-addons", ...(values.conditions as string[])])
}
