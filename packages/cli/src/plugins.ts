/** Which plugins are loaded: the official ones, or those of `swirl.config.ts`, and what `--plugin` adds. */
import { existsSync } from "node:fs"
import { basename, join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import {
  assertPlugin,
  type Config,
  createRegistry,
  errorMessage,
  isSwirlError,
  type Plugin,
  type PluginDefinition,
  type PluginEntry,
  type Registry,
  readConfig,
  SwirlError,
} from "@swirl-ts/core"
import { importDefault } from "./import-default.ts"
import { inLoadingTime } from "./loading.ts"
import { moduleProblem } from "./module-problem.ts"
import { moduleDigest } from "./module-text.ts"
import { isNotFound, prepareOwnModules } from "./own-modules.ts"
import { isPath, pluginTarget } from "./plugin-target.ts"

const configNames = ["swirl.config.ts", "swirl.config.mts", "swirl.config.mjs", "swirl.config.js"]

/** The config that commands in a folder find. */
export const findConfig = (folder: string): string | undefined =>
  configNames.map((name) => join(folder, name)).find((candidate) => existsSync(candidate))

export interface LoadedConfig {
  config: Partial<Config>
  path?: string
  registry: Registry
  /** Digests of the text that plugins were made from: of the config by its file's name, of a given plugin by its own. */
  texts?: Readonly<Record<string, string>>
}

/**
 * A config (given, or found in the working directory) and extra plugins; what of a config is broken is left to the registry
 * to report. What cannot be loaded ends it, or is left out where `onProblem` is told.
 */
export async function loadPlugins(options: {
  workingDirectory: string
  config?: string
  plugins?: readonly string[]
  abortSignal?: AbortSignal
  onProblem?: (sentence: string) => void
}): Promise<LoadedConfig> {
  const { workingDirectory, plugins = [], abortSignal, onProblem } = options
  const path = options.config ? resolve(workingDirectory, options.config) : findConfig(workingDirectory)
  const orLeftOut = async <T>(load: () => Promise<T>, without: T): Promise<T> => {
    try {
      return await load()
    } catch (error) {
      if (!onProblem) throw error
      onProblem(errorMessage(error))
      return without
    }
  }
  const config = path ? await orLeftOut(() => loadConfig(path, options.config, abortSignal), {}) : {}
  const own = config.plugins ?? (await orLeftOut(loadOfficial, []))
  const loadExtra = async (name: string) => [await loadPlugin(name, options)]
  const [ready, extra] = await Promise.all([
    Promise.all(own.map((entry, index) => settledEntry(entry, index, options))),
    Promise.all(plugins.map((name) => orLeftOut(() => loadExtra(name), []))).then((each) => each.flat()),
  ])
  const registry = createRegistry([...ready, ...extra])
  const refused = registry.broken.find((each) => extra.some(({ origin }) => origin === each.origin))
  if (refused && !onProblem)
    throw new SwirlError(`The plugin ${refused.origin} cannot be used: ${refused.message}.`, { kind: "usage" })
  return { config, registry, path, texts: textsOf(path, extra) }
}

function textsOf(
  config: string | undefined,
  extra: readonly { plugin: Plugin; url: string }[],
): Readonly<Record<string, string>> {
  const found = [
    ...(config === undefined ? [] : [[basename(config), moduleDigest(pathToFileURL(config).href)] as const]),
    ...extra.map(({ plugin, url }) => [plugin.meta.name, moduleDigest(url)] as const),
  ]
  return Object.fromEntries(found.flatMap(([name, digest]) => (digest === undefined ? [] : [[name, digest]])))
}

/** `given` is the path as it was typed. */
async function loadConfig(path: string, given?: string, abortSignal?: AbortSignal): Promise<Partial<Config>> {
  if (given && !existsSync(path))
    throw new SwirlError(`There is no config file ${given}. \`swirl init\` writes one.`, { kind: "usage" })
  const config = await importDefault(path, "config", "defineConfig({ plugins: [...] })", { abortSignal })
  return readConfig(config, `The config ${path}`)
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
  const { official } = await import("./official-plugins.ts").catch((error) => {
    const problem = `${errorMessage(error)}. Install @swirl-ts/cli again.`
    throw new SwirlError(`The official plugins could not be loaded: ${problem}`, { cause: error })
  })
  return official()
}

/** A package name or a path; its default export is the plugin, or a function that returns it. What is unusable is wrong usage. */
export async function loadPlugin(
  name: string,
  { workingDirectory, abortSignal }: { workingDirectory: string; abortSignal?: AbortSignal },
): Promise<{ origin: string; plugin: Plugin; exported: unknown; url: string }> {
  prepareOwnModules()
  try {
    const target = pluginTarget(name, workingDirectory)
    const loading = { whose: `the plugin ${name}`, abortSignal }
    const { default: exported } = (await inLoadingTime({ ...loading, what: "import" }, () => import(target.href))) as {
      default?: unknown
    }
    const plugin =
      typeof exported === "function"
        ? await inLoadingTime({ ...loading, what: "factory" }, () => exported() as unknown)
        : exported
    assertPlugin(plugin, name)
    return { origin: name, plugin, exported, url: target.href }
  } catch (error) {
    const text = isSwirlError(error)
      ? error.message
      : isPath(name)
        ? `The plugin ${name} could not be loaded: ${moduleProblem(error, resolve(workingDirectory, name))}`
        : `The plugin ${name} could not be loaded: ${errorMessage(error).replace(/\.$/, "")}.${isNotFound(error) ? ` Is it installed in ${workingDirectory}?` : ""}`
    throw new SwirlError(text, { kind: "usage", cause: error })
  }
}
