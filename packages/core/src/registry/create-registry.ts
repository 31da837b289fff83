/** Makes a registry of plugins in the order they were loaded, which is who a short name of several of them means. */
import { readGivenTool } from "../contracts/tool.ts"
import { SwirlError } from "../errors.ts"
import { suggestion } from "../suggest.ts"
import { type Loaded, loadedPlugins } from "./loaded-plugins.ts"
import { registryNotices } from "./notices.ts"
import { type ContributionKind, contributionKinds } from "./plugin.ts"
import { singular } from "./plugin-problems.ts"
import type { Entry, Lookup, Registry } from "./registry.ts"

/** `origin` says where a plugin came from, for messages. Of plugins of one name the first stays. */
export function createRegistry(candidates: readonly (unknown | { origin: string; plugin: unknown })[]): Registry {
  const { loaded, broken, notices } = loadedPlugins(candidates)
  const entries = entriesOf(loaded)
  const list = <K extends ContributionKind>(kind: K): Entry<K>[] => entries.get(kind) as unknown as Entry<K>[]
  const find = <K extends ContributionKind>(kind: K, name: string): Entry<K> | undefined =>
    list(kind).find((entry) => entry.fullName === name || entry.name === name)

  const lookup: Lookup = {
    list,
    has: (kind, name) => find(kind, name) !== undefined,
    resolve: (kind, name) => {
      const found = find(kind, name)
      if (found) return found
      const names = list(kind).flatMap((entry) => (name.includes("/") ? [entry.fullName] : [entry.name]))
      const missing = broken.length
        ? ` Plugins that could not be loaded: ${broken.map((b) => b.origin).join(", ")}.`
        : ""
      throw new SwirlError(
        `There is no ${singular[kind]} "${name}".${suggestion(name, [...new Set(names)])}${nothingOffered(names)}${missing}`,
        {
          kind: "usage",
        },
      )
    },
  }
  return {
    ...lookup,
    plugins: loaded.map(({ plugin }) => plugin),
    broken,
    notices: [...notices, ...registryNotices(lookup, loaded)],
  }
}

/** What to do where no plugin offers anything of a kind, as with a config that lists none but its own. */
export const nothingOffered = (names: readonly unknown[]): string =>
  names.length > 0
    ? ""
    : " No plugin that is loaded offers any: a config without `...official()` among its plugins has none of swirl's own."

function entriesOf(loaded: readonly Loaded[]): Map<ContributionKind, Entry<ContributionKind>[]> {
  const entries = new Map<ContributionKind, Entry<ContributionKind>[]>(contributionKinds.map((kind) => [kind, []]))
  for (const { plugin } of loaded) {
    for (const kind of contributionKinds) {
      for (const [name, given] of Object.entries(plugin[kind] ?? {})) {
        const value = kind === "tools" ? readGivenTool(given) : given
        entries.get(kind)!.push({ kind, name, fullName: `${plugin.meta.name}/${name}`, plugin, value })
      }
    }
  }
  return entries
}
