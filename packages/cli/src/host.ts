/** The one place that reads the environment and the working directory. */
import { homedir } from "node:os"
import { join } from "node:path"
import type { Host } from "@swirl-ts/core"

export function processHost(log: Host["log"]): Host {
  const environment = process.env
  const cacheHome = environment.SWIRL_CACHE ?? join(environment.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "swirl-ts")
  return { cacheDirectory: cacheHome, workingDirectory: process.cwd(), environment, log }
}
