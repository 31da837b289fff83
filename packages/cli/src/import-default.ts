/** The default export of a file that people write: a config, an experiment. */
import { readFile } from "node:fs/promises"
import { extname } from "node:path"
import { pathToFileURL } from "node:url"
import { SwirlError } from "@swirl-ts/core"
import { inLoadingTime } from "./loading.ts"
import { moduleProblem } from "./module-problem.ts"
import { prepareOwnModules } from "./own-modules.ts"

/** `what` it is and how it ends, for messages. Wrong usage where it cannot be loaded or exports no object. */
export async function importDefault(
  path: string,
  what: string,
  ending: string,
  { abortSignal, mayBeJson = false }: { abortSignal?: AbortSignal; mayBeJson?: boolean } = {},
): Promise<object> {
  let loaded: { default?: unknown }
  prepareOwnModules()
  try {
    const loading = { whose: `the ${what} ${path}`, what: "import", abortSignal }
    loaded = await inLoadingTime(loading, () =>
      mayBeJson && extname(path) === ".json" ? readJson(path) : import(pathToFileURL(path).href),
    )
  } catch (error) {
    throw new SwirlError(`The ${what} ${path} could not be loaded: ${moduleProblem(error, path)}`, {
      kind: "usage",
      cause: error,
    })
  }
  if (typeof loaded.default === "object" && loaded.default !== null && !(loaded.default instanceof Promise))
    return loaded.default
  throw new SwirlError(`The ${what} ${path} ${defaultProblem(loaded)}. End it with \`export default ${ending}\`.`, {
    kind: "usage",
  })
}

/** JSON is what it says, without code. */
const readJson = async (path: string): Promise<{ default?: unknown }> => ({
  default: JSON.parse(await readFile(path, "utf8")),
})

/** Why its default export is not what was looked for. */
function defaultProblem(loaded: { default?: unknown }): string {
  const { default: exported } = loaded
  if (exported instanceof Promise)
    return "exports a promise as default, where it should export the object (put `await` before it)"
  if (typeof exported === "function") return "exports a function as default, where it should export the object itself"
  if ("default" in loaded)
    return `exports ${JSON.stringify(exported) ?? String(exported)} as default, where it should export an object`
  return "has no default export"
}
