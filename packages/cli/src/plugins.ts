/** Which plugins are loaded: the official ones, or those of `swirl.config.ts`, and what `--plugin` adds. */
import { existsSync } from "node:fs"
import { isAbsolute, join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import {
  assertPlugin,
  type Config,
  createRegistry,
  errorMessage,
  isSwirlError,
  type PluginDefinition,
  type PluginEntry,
  type Registry,
  readConfig,
  SwirlError,
} from "@swirl-ts/core"
import { errorCode } from "@swirl-ts/kit"
import { moduleResolve } from "import-meta-resolve"
import { importConditions } from "./host.ts"
import { importDefault } from "./import-default.ts"
import { inLoadingTime } from "./loading.ts"

const configNames = ["swirl.config.ts", "swirl.config.mjs", "swirl.config.js"]

export interface LoadedConfig {
  config: Partial<Config>
  path?: string
  registry: Registry
}

/** A config (given, or found in the working directory) and extra plugins; what of a config is broken is left to the registry to report. */
export async function loadPlugins(options: {
  workingDirectory: string
  config?: string
  plugins?: readonly string[]
  abortSignal?: AbortSignal
}): Promise<LoadedConfig> {
  const path = options.config
    ? resolve(options.workingDirectory, options.config)
    : configNames.map((name) => join(options.workingDirectory, name)).find((candidate) => existsSync(candidate))
  if (options.config && path && !existsSync(path)) {
    throw new SwirlError(`There is no config file ${options.config}. \`swirl init\` writes one.`, { kind: "usage" })
  }
  const config: Partial<Config> = path
    ? readConfig(
        await importDefault(path, "config", "defineConfig({ plugins: [...] })", "failed", options.abortSignal),
        `The config ${path}`,
      )
    : {}
  const own = config.plugins ?? (await loadOfficial())
  const [ready, extra] = await Promise.all([
    Promise.all(own.map((entry, index) => settledEntry(entry, index, options))),
    Promise.all((options.plugins ?? []).map((name) => loadPlugin(name, options))),
  ])
  const registry = createRegistry([...ready, ...extra])
  const refused = registry.broken.find((each) => extra.some(({ origin }) => origin === each.origin))
  if (refused)
    throw new SwirlError(`The plugin ${refused.origin} cannot be used: ${refused.message}.`, { kind: "usage" })
  return { config, registry, path }
}

/** A plugin of a config may be on its way, and says itself how long that takes; this is the last resort. */
const longestWait = 600

/** A plugin that could not be made, e.g. as its server does not answer, is left to the registry as the error. */
async function settledEntry(entry: PluginEntry, index: number, { abortSignal }: { abortSignal?: AbortSignal }) {
  const unnamed = `plugin ${index + 1} of the config`
  try {
    const loading = { whose: unnamed, what: "factory", seconds: longestWait, abortSignal }
    const plugin = await inLoadingTime(loading, () => entry)
    return { origin: plugin?.meta?.name ?? unnamed, plugin }
  } catch (error) {
    abortSignal?.throwIfAborted()
    return { origin: unnamed, plugin: new Error(errorMessage(error)) }
  }
}

async function loadOfficial(): Promise<PluginDefinition[]> {
  const { officialPlugins } = await import("./official-plugins.ts")
  return Object.values(officialPlugins).map((create) => create())
}

/** A package name or a path; its default export is the plugin, or a function that returns it. What is unusable is wrong usage. */
async function loadPlugin(
  name: string,
  { workingDirectory, abortSignal }: { workingDirectory: string; abortSignal?: AbortSignal },
): Promise<{ origin: string; plugin: unknown }> {
  const isPath = name.startsWith(".") || isAbsolute(name)
  try {
    const from = pathToFileURL(join(workingDirectory, "package.json"))
    const target = isPath
      ? pathToFileURL(resolve(workingDirectory, name))
      : moduleResolve(name, from, importConditions())
    const loading = { whose: `the plugin ${name}`, abortSignal }
    const { default: exported } = (await inLoadingTime({ ...loading, what: "import" }, () => import(target.href))) as {
      default?: unknown
    }
    const plugin =
      typeof exported === "function"
        ? await inLoadingTime({ ...loading, what: "factory" }, () => exported() as unknown)
        : exported
    assertPlugin(plugin, name)
    return { origin: name, plugin }
  } catch (error) {
    const text = isSwirlError(error)
      ? error.message
      : isPath
        ? `The plugin ${name} could not be loaded: ${fileProblem(error, resolve(workingDirectory, name))}`
        : `The plugin ${name} could not be loaded: ${errorMessage(error).replace(/\.$/, "")}.${isMissing(error) ? ` Is it installed in ${workingDirectory}?` : ""}`
    throw new SwirlError(text, { kind: "usage", cause: error })
  }
}

const isMissing = (error: unknown): boolean => errorCode(error) === "ERR_MODULE_NOT_FOUND"

/** What went wrong in a file, with its line where Node's stack names it. */
function fileProblem(error: unknown, path: string): string {
  if (!existsSync(path)) return "there is no such file."
  const stack = error instanceof Error ? (error.stack ?? "") : ""
  const place = stack.split("\n").find((line) => line.includes(`${path}:`))
  const line = place && /^:(\d+)/.exec(place.slice(place.indexOf(`${path}:`) + path.length))?.[1]
  return `${line ? `line ${line}: ` : ""}${errorMessage(error).replace(/\.$/, "")}.`
}
