/** `swirl.config.ts`: the plugins to load and defaults for flags. Names of plugins are inferred, a typo is a compile error. */
import type { ToolLimits } from "../contracts/tool-limits.ts"
import type { ContributionKind, PluginDefinition } from "./plugin.ts"

/** A plugin, or one that is still on its way, as that of a server which is asked for its tools. */
export type PluginEntry = PluginDefinition | PromiseLike<PluginDefinition>

/** Of one plugin, or of each of a union. */
type NamesIn<D, K extends ContributionKind> = D extends { meta: { name: infer N extends string } } & {
  [key in K]: infer C
}
  ? Extract<keyof C, string> | `${N}/${Extract<keyof C, string>}`
  : never

/** Short and full names of one kind over a list of plugins. */
export type NamesOf<P extends readonly PluginEntry[], K extends ContributionKind> = NamesIn<Awaited<P[number]>, K>

/** A flag, and the flag's environment variable, go first. `judge` judges steps; `eval --judge` is about answers and has no default. */
export interface Defaults<P extends readonly PluginEntry[]> {
  judge?: NamesOf<P, "judges"> | NamesOf<P, "oracles">
  strategy?: NamesOf<P, "filters">
  algorithm?: NamesOf<P, "algorithms">
  engine?: NamesOf<P, "engines"> | NamesOf<P, "jobEngines">
  actionFormat?: NamesOf<P, "actionFormats">
  model?: string
  /** A prompt template's file. */
  prompt?: string
  seed?: number
  concurrency?: number
}

export interface Config<P extends readonly PluginEntry[] = readonly PluginEntry[]> {
  plugins: P
  /** Short names for model strings: `{ small: "openai:…" }`. */
  models?: Readonly<Record<string, string>>
  /** Files or folders by benchmark name, as `--data name=path` gives them: `{ gsm8k: "data/gsm8k" }`. */
  data?: Readonly<Record<string, string>>
  /** By tool, before `--tool-timeout` and `--observation-limit`: `{ "own/convert": { timeout: 5, observationLimit: 2000 } }`. */
  tools?: { readonly [name in NamesOf<P, "tools">]?: ToolLimits }
  defaults?: Defaults<P>
}

export function defineConfig<const P extends readonly PluginEntry[]>(config: Config<P>): Config<P> {
  return config
}
