/**
 * The registry: the one place where names become things. Names resolve short (`gsm8k`) or full (`bench-gsm8k/gsm8k`);
 * a clash or an unknown name says who owns what and what was probably meant.
 */
import { SwirlError } from "../errors.ts"
import { suggestion } from "../suggest.ts"
import { assertPlugin, type ContributionKind, type Contributions, contributionKinds, type Plugin } from "./plugin.ts"

export interface Entry<K extends ContributionKind> {
  kind: K
  /** `gsm8k` */
  name: string
  /** `bench-gsm8k/gsm8k` */
  fullName: string
  plugin: Plugin
  value: Contributions[K][string]
}

const singular: Record<ContributionKind, string> = {
  tools: "tool",
  benchmarks: "benchmark",
  models: "model",
  actionFormats: "action format",
  judges: "judge",
  oracles: "oracle judge",
  outcomeJudges: "outcome judge",
  filters: "filter",
  retrievers: "retriever",
  embedders: "embedder provider",
  algorithms: "algorithm",
  engines: "engine",
}

export interface Registry {
  readonly plugins: readonly Plugin[]
  /** Plugins that could not be used, by origin; the others are not affected. */
  readonly broken: readonly { origin: string; message: string }[]
  list<K extends ContributionKind>(kind: K): Entry<K>[]
  /** Throws a usage error for an unknown or ambiguous name. */
  resolve<K extends ContributionKind>(kind: K, name: string): Entry<K>
  has(kind: ContributionKind, name: string): boolean
}

/** `origin` says where a plugin came from, for messages. The same plugin given twice counts once; the last version wins. */
export function createRegistry(candidates: readonly (unknown | { origin: string; plugin: unknown })[]): Registry {
  const plugins = new Map<string, Plugin>()
  const broken: { origin: string; message: string }[] = []
  candidates.forEach((candidate, index) => {
    const wrapped =
      typeof candidate === "object" && candidate !== null && "origin" in candidate && "plugin" in candidate
    const origin = wrapped ? String(candidate.origin) : `plugin ${index + 1}`
    const plugin = wrapped ? candidate.plugin : candidate
    try {
      assertPlugin(plugin, origin)
      plugins.set(plugin.meta.name, plugin)
    } catch (error) {
      broken.push({ origin, message: error instanceof Error ? error.message : String(error) })
    }
  })

  const entries = new Map<ContributionKind, Entry<ContributionKind>[]>(contributionKinds.map((kind) => [kind, []]))
  for (const plugin of plugins.values()) {
    for (const kind of contributionKinds) {
      for (const [name, value] of Object.entries(plugin[kind] ?? {})) {
        entries.get(kind)!.push({ kind, name, fullName: `${plugin.meta.name}/${name}`, plugin, value })
      }
    }
  }
  const list = <K extends ContributionKind>(kind: K): Entry<K>[] => entries.get(kind) as unknown as Entry<K>[]
  const matches = <K extends ContributionKind>(kind: K, name: string): Entry<K>[] =>
    list(kind).filter((entry) => entry.fullName === name || entry.name === name)

  return {
    plugins: [...plugins.values()],
    broken,
    list,
    has: (kind, name) => matches(kind, name).length > 0,
    resolve: (kind, name) => {
      const found = matches(kind, name)
      if (found.length === 1) return found[0]!
      if (found.length > 1) {
        const owners = found.map((entry) => entry.fullName).join(" and ")
        throw new SwirlError(`The ${singular[kind]} "${name}" is offered by ${owners}. Use the full name.`, {
          kind: "usage",
        })
      }
      const names = list(kind).flatMap((entry) => (name.includes("/") ? [entry.fullName] : [entry.name]))
      const missing = broken.length
        ? ` Plugins that could not be loaded: ${broken.map((b) => b.origin).join(", ")}.`
        : ""
      throw new SwirlError(`There is no ${singular[kind]} "${name}".${suggestion(name, names)}${missing}`, {
        kind: "usage",
      })
    },
  }
}
