/** Where the name of a plugin leads: an installed package, a file, or the folder of a package, which leads where its exports do. */
import { existsSync, readFileSync, statSync } from "node:fs"
import { isAbsolute, join, relative, resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { errorMessage, SwirlError } from "@swirl-ts/core"
import { moduleResolve } from "import-meta-resolve"
import { importConditions } from "./host.ts"
import { isNotFound } from "./own-modules.ts"

export const isPath = (name: string): boolean => name.startsWith(".") || isAbsolute(name)

/** Throws what Node does where a package is not installed, and a usage error for a folder that leads nowhere. */
export function pluginTarget(name: string, workingDirectory: string): URL {
  if (!isPath(name)) {
    return moduleResolve(name, pathToFileURL(join(workingDirectory, "package.json")), importConditions())
  }
  const path = resolve(workingDirectory, name)
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  return isFolder ? packageTarget(name, path) : pathToFileURL(path)
}

/** What `import` of the package gives to others, where it is built. */
function packageTarget(name: string, folder: string): URL {
  const refuse = (problem: string, cause?: unknown): never => {
    throw new SwirlError(`The plugin ${name} could not be loaded: ${problem}`, { kind: "usage", cause })
  }
  const path = join(folder, "package.json")
  let manifest: { name?: unknown; exports?: unknown; main?: unknown } = {}
  try {
    manifest = JSON.parse(readFileSync(path, "utf8"))
  } catch (error) {
    refuse(`it is a folder without a package.json that can be read (${errorMessage(error)}).`, error)
  }
  if (manifest.exports === undefined || typeof manifest.name !== "string") {
    const main = join(folder, typeof manifest.main === "string" ? manifest.main : "index.js")
    return existsSync(main) ? pathToFileURL(main) : refuse(`${path} has neither exports nor a main that is there.`)
  }
  try {
    return moduleResolve(manifest.name, pathToFileURL(path), importConditions())
  } catch (error) {
    const { url } = error as { url?: string }
    if (!isNotFound(error)) return refuse(`${errorMessage(error).replace(/\.$/, "")}.`, error)
    const missing = url === undefined ? "what it exports" : relative(folder, fileURLToPath(url))
    const sources = join(name, "src", "index.ts")
    const instead = existsSync(resolve(folder, "src", "index.ts")) ? `, or give its sources: ./${sources}` : ""
    return refuse(`it is not built: there is no ${missing}. Run \`npm run build\` in ${folder}${instead}.`, error)
  }
}
