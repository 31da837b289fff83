/** The default export of a file that people write: a config, an experiment. */
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
  abortSignal?: AbortSignal,
): Promise<object> {
  let loaded: { default?: unknown }
  prepareOwnModules()
  try {
    const loading = { whose: `the ${what} ${path}`, what: "import", abortSignal }
    loaded = await inLoadingTime(loading, () => import(pathToFileURL(path).href))
  } catch (error) {
    throw new SwirlError(`The ${what} ${path} could not be loaded: ${moduleProblem(error, path)}`, {
      kind: "usage",
      cause: error,
    })
  }
  if (typeof loaded.default === "object" && loaded.default !== null) return loaded.default
  throw new SwirlError(`The ${what} ${path} has no default export. End it with \`export default ${ending}\`.`, {
    kind: "usage",
  })
}
