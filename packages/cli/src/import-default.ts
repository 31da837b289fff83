/** The default export of a file that people write: a config, an experiment. */
import { pathToFileURL } from "node:url"
import { type ErrorKind, errorMessage, SwirlError } from "@swirl-ts/core"
import { inLoadingTime } from "./loading.ts"

/** `what` it is and how it ends, for messages; `kind` of the error where it cannot be loaded or exports no object. */
export async function importDefault(
  path: string,
  what: string,
  ending: string,
  kind: ErrorKind,
  abortSignal?: AbortSignal,
): Promise<object> {
  let loaded: { default?: unknown }
  try {
    const loading = { whose: `the ${what} ${path}`, what: "import", abortSignal }
    loaded = await inLoadingTime(loading, () => import(pathToFileURL(path).href))
  } catch (error) {
    throw new SwirlError(`The ${what} ${path} could not be loaded: ${errorMessage(error)}`, { kind, cause: error })
  }
  if (typeof loaded.default === "object" && loaded.default !== null) return loaded.default
  throw new SwirlError(`The ${what} ${path} has no default export. End it with \`export default ${ending}\`.`, { kind })
}
