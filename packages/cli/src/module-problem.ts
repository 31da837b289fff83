/** What went wrong while a file that people write was imported: in which file, on which line, and what to do where Node's own words do not say it. */
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { dirname, extname, relative, resolve, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { errorMessage } from "@swirl-ts/core"
import { errorCode } from "@swirl-ts/kit"
import { nearestPackage } from "./nearest-package.ts"

/** What Node says of a file that it does not take for a module. */
const foreign = ["ERR_IMPORT_ATTRIBUTE_MISSING", "ERR_UNKNOWN_FILE_EXTENSION"]

interface Place {
  file: string
  line?: string
}

/** Reads on after "… could not be loaded: ". `path` is the file that was imported; the cause may be in one that it imports. */
export function moduleProblem(error: unknown, path: string): string {
  if (!existsSync(path)) return "there is no such file."
  const ending = extname(path)
  if (foreign.includes(errorCode(error) ?? "") && !/^\.[cm]?[jt]s$/.test(ending))
    return `its name ends in "${ending}", and it has to be a module: a .ts, .mts, .js or .mjs file with a default export.`
  const message = errorMessage(error)
  const { file, line } = placeOf(error, path) ?? { file: path }
  const asCommonJs = moduleReadAsCommonJs(message, file)
  if (asCommonJs) return commonJsProblem(asCommonJs, path)
  const place = [file === path ? undefined : relative(dirname(path), file), line && `line ${line}`].filter(Boolean)
  return `${place.length > 0 ? `${place.join(", ")}: ` : ""}${message}${/[.?!]$/.test(message) ? "" : "."}`
}

function placeOf(error: unknown, path: string): Place | undefined {
  if (!(error instanceof Error)) return undefined
  const place = placeIn(error.stack ?? "", path)
  // The stack of a syntax error in an ES module names no file; Node's own check of that file does.
  if (place || error.name !== "SyntaxError") return place
  return placeIn(spawnSync(process.execPath, ["--check", path], { encoding: "utf8" }).stderr, path)
}

/** The first place that is below the folder of `path`, installed packages aside. */
function placeIn(stack: string, path: string): Place | undefined {
  for (const text of stack.split("\n")) {
    const frame = /^(?:\s+at (?:.*\()?(?:async )?)?((?:file:\/\/|\/|[A-Z]:\\).+?):(\d+)(?::\d+)?\)?$/.exec(text)
    if (!frame) continue
    const [, place, line] = frame
    const file = place!.startsWith("file:") ? fileURLToPath(place!) : place!
    if (file.startsWith(dirname(path) + sep) && !file.includes(`${sep}node_modules${sep}`)) return { file, line }
  }
  return undefined
}

/** The file of ES module syntax that was read as CommonJS: the one that failed, or one whose names were not found for that. */
function moduleReadAsCommonJs(message: string, importer: string): string | undefined {
  const [, specifier] =
    /^The requested module '(\.[^']*)' (?:does not provide|is a CommonJS module)/.exec(message) ?? []
  const isSyntax = /^(Cannot use import statement outside a module|Unexpected token 'export')/.test(message)
  const file = specifier ? resolve(dirname(importer), specifier) : isSyntax ? importer : undefined
  if (!file || !/\.[jt]s$/.test(file) || nearestPackage(dirname(file))?.type !== "commonjs") return undefined
  return /^\s*(import|export)\b/m.test(readFileSync(file, "utf8")) ? file : undefined
}

function commonJsProblem(file: string, path: string): string {
  const name = file === path ? "it" : relative(dirname(path), file)
  const because = `because ${nearestPackage(dirname(file))?.path} says "type": "commonjs"`
  const ending = extname(file).replace(".", ".m")
  return `${name} is read as CommonJS, ${because}. Let its name end in ${ending}, or write "type": "module" there.`
}
