/** What keeps a value from being a plugin, all of it and in sentences: whoever wrote it mends it in one go. */
import { SwirlError } from "../errors.ts"
import { nearest } from "../suggest.ts"
import { contributionProblem } from "./contribution-schemas.ts"
import {
  API_VERSION,
  type ContributionKind,
  contributionKinds,
  isPlugin,
  type Plugin,
  type PluginMeta,
} from "./plugin.ts"
import { toolNameProblem } from "./tool-names.ts"

/** What one contribution of a kind is called. */
export const singular: Readonly<Record<ContributionKind, string>> = {
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
  jobEngines: "job engine",
}

/** A clause each; none where the value can be used. */
export function pluginProblems(value: unknown): string[] {
  if (Array.isArray(value)) return ["it is a list: write `...` before it, as in `plugins: [...official(), own]`"]
  if (typeof value === "function") {
    const call = value.name === "official" ? "...official()" : `${value.name || "own"}()`
    return [`it is a function, not the plugin that it makes: call it, as in \`plugins: [${call}]\``]
  }
  if (!isPlugin(value)) {
    return ["it is not the result of definePlugin; export the plugin, or a function that returns it, as default"]
  }
  const meta = metaProblems(value.meta)
  // What was made for another API cannot be read by this one's rules.
  if (value.meta?.apiVersion !== undefined && value.meta.apiVersion !== API_VERSION) return meta
  const { dispose } = value as { dispose?: unknown }
  const disposal = dispose === undefined || typeof dispose === "function" ? [] : ['"dispose" has to be a function']
  return [
    ...meta,
    ...unknownMembers(value),
    ...disposal,
    ...contributionKinds.flatMap((kind) => kindProblems(kind, value[kind])),
  ]
}

/** Checks anything that claims to be a plugin; the error says what is wrong with it. */
export function assertPlugin(value: unknown, origin: string): asserts value is Plugin {
  const problems = pluginProblems(value)
  if (problems.length === 0) return
  const name = isPlugin(value) ? value.meta?.name : undefined
  const called = name === undefined || origin.includes(String(name)) ? "" : ` (plugin ${name})`
  throw new SwirlError(`${origin} is not a usable plugin: ${problems.join("; ")}${called}`)
}

function metaProblems(meta: Partial<PluginMeta> | undefined): string[] {
  if (typeof meta?.name !== "string" || !/^[a-z0-9][a-z0-9-]*$/.test(meta.name)) {
    return ["meta.name has to be lower-case letters, digits and dashes"]
  }
  if (String(meta.apiVersion) === String(API_VERSION) && meta.apiVersion !== API_VERSION)
    return [`meta.apiVersion is a text, "${meta.apiVersion}"; it has to be the number ${API_VERSION}`]
  if (meta.apiVersion !== API_VERSION) {
    return [`it was made for plugin API ${meta.apiVersion}, this is API ${API_VERSION}; install a matching version`]
  }
  if (typeof meta.version !== "string" || meta.version === "") return ['meta.version has to be a text, e.g. "1.0.0"']
  return []
}

/** What a plugin has beside what it contributes. */
const members: readonly string[] = Object.keys({ meta: true, dispose: true } satisfies Record<
  Exclude<keyof Plugin, ContributionKind | symbol>,
  true
>)

function unknownMembers(plugin: Plugin): string[] {
  const known = [...members, ...contributionKinds]
  return Object.keys(plugin)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const near = nearest(key, known)
      return `"${key}" is no kind of contribution${near ? ` (did you mean "${near}"?)` : ""}: there are ${contributionKinds.join(", ")}`
    })
}

function kindProblems(kind: ContributionKind, contributions: unknown): string[] {
  if (contributions === undefined) return []
  if (typeof contributions !== "object" || contributions === null || Array.isArray(contributions)) {
    return [`"${kind}" has to be an object, ${singular[kind]} by name`]
  }
  return Object.entries(contributions).flatMap(([name, value]) => {
    const problems = [nameProblem(kind, name), contributionProblem(kind, value), formatName(kind, name, value)]
    const found = problems.filter((problem) => problem !== undefined)
    return found.length > 0 ? [`of its ${singular[kind]} "${name}", ${found.join("; ")}`] : []
  })
}

function nameProblem(kind: ContributionKind, name: string): string | undefined {
  if (kind === "tools") return toolNameProblem(name)
  // Full names are split at "/", model strings at ":", flags at "=", keys of records at a blank.
  return /^[^\s/:=]+$/.test(name) ? undefined : 'its name has to be without blanks, "/", ":" and "=", and not empty'
}

/** Records say an action format's own name, and are read by the one it is offered under. */
function formatName(kind: ContributionKind, name: string, value: unknown): string | undefined {
  const own = kind === "actionFormats" ? (value as { name?: unknown } | undefined)?.name : undefined
  return typeof own === "string" && own !== name ? `its "name" is "${own}", which has to be the same` : undefined
}
