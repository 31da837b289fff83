/** Candidates that can be used, in order; of plugins of one name the first stays, and the others are told with both origins. */
import { errorMessage, SwirlError } from "../errors.ts"
import { contributionKinds, type Plugin } from "./plugin.ts"
import { assertPlugin } from "./plugin-problems.ts"

export interface Loaded {
  plugin: Plugin
  /** Where it came from, for messages: a path, a package, its name. */
  origin: string
}

export interface LoadedPlugins {
  loaded: Loaded[]
  broken: { origin: string; message: string }[]
  notices: string[]
}

export function loadedPlugins(candidates: readonly (unknown | { origin: string; plugin: unknown })[]): LoadedPlugins {
  const loaded = new Map<string, Loaded>()
  const broken: LoadedPlugins["broken"] = []
  const notices: string[] = []
  for (const [index, candidate] of candidates.entries()) {
    const wrapped =
      typeof candidate === "object" && candidate !== null && "origin" in candidate && "plugin" in candidate
    const origin = wrapped ? String(candidate.origin) : `plugin ${index + 1}`
    const plugin = wrapped ? candidate.plugin : candidate
    try {
      // What came of making it, where that failed.
      if (plugin instanceof Error) throw plugin
      assertPlugin(plugin, origin)
      const before = loaded.get(plugin.meta.name)
      if (before === undefined) loaded.set(plugin.meta.name, { plugin, origin })
      else notices.push(...twice(before, { plugin, origin }))
    } catch (error) {
      broken.push({ origin, message: errorMessage(error) })
    }
  }
  return { loaded: [...loaded.values()], broken, notices }
}

/** Throws where two plugins claim one name; a plugin that is given twice counts once, which is said where its options may differ. */
function twice(first: Loaded, second: Loaded): string[] {
  if (first.plugin === second.plugin) return []
  const { name, version } = first.plugin.meta
  const origins = first.origin === second.origin ? `${first.origin} twice` : `${first.origin} and ${second.origin}`
  if (version === second.plugin.meta.version && namesIn(first.plugin) === namesIn(second.plugin)) {
    return [`The plugin ${name} ${version} is given by ${origins}; the first counts.`]
  }
  throw new SwirlError(
    `two plugins are called ${name}: ${describe(first)} was loaded first and stays, ${describe(second)} is left out. Give it another meta.name`,
  )
}

const describe = ({ origin, plugin }: Loaded): string => `version ${plugin.meta.version} of ${origin}`

const namesIn = (plugin: Plugin): string =>
  JSON.stringify(contributionKinds.map((kind) => [kind, Object.keys(plugin[kind] ?? {}).sort()]))
