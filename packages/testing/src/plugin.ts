/** A whole plugin: that it is one, and the checks of all that it contributes, by kind. */
import {
  assertPlugin,
  type Benchmark,
  benchmarkTasks,
  type ContributionKind,
  contributionKinds,
  type Host,
  isSwirlError,
  type Plugin,
  SwirlError,
  singular,
  suggestion,
  type Task,
} from "@swirl-ts/core"
import { type Behaviours, type Check, type CheckOptions, checksOf, fail } from "./checks/check.ts"
import { assertFields } from "./checks/options.ts"
import { register, type TestOptions } from "./checks/runner.ts"
import { type ActionFormatChecks, actionFormatChecks } from "./contracts/action-format.ts"
import { type AlgorithmChecks, algorithmChecks } from "./contracts/algorithm.ts"
import { type BenchmarkChecks, benchmarkChecks } from "./contracts/benchmark.ts"
import { type EmbedderChecks, embedderChecks } from "./contracts/embedder.ts"
import { type EngineChecks, engineChecks } from "./contracts/engine.ts"
import { type FilterChecks, filterChecks } from "./contracts/filter.ts"
import { type JobEngineChecks, jobEngineChecks } from "./contracts/job-engine.ts"
import { type JudgeChecks, judgeChecks } from "./contracts/judge.ts"
import { type ModelChecks, modelChecks } from "./contracts/model.ts"
import { type OracleChecks, oracleChecks } from "./contracts/oracle.ts"
import { type OutcomeJudgeChecks, outcomeJudgeChecks } from "./contracts/outcome-judge.ts"
import { type RetrieverChecks, retrieverChecks } from "./contracts/retriever.ts"
import { type ToolChecks, toolChecks } from "./contracts/tool.ts"
import { checkHost } from "./data/host.ts"

interface OptionsByKind {
  tools: ToolChecks
  // biome-ignore lint/suspicious/noExplicitAny: a benchmark's tasks are its own
  benchmarks: BenchmarkChecks<any>
  models: ModelChecks
  actionFormats: ActionFormatChecks
  judges: JudgeChecks
  oracles: OracleChecks
  outcomeJudges: OutcomeJudgeChecks
  filters: FilterChecks
  retrievers: RetrieverChecks
  embedders: EmbedderChecks
  algorithms: AlgorithmChecks
  engines: EngineChecks
  jobEngines: JobEngineChecks
}

/** By kind and name, what the test of each contribution is given: `{ tools: { shout: { valid: […] } } }`. */
export type PluginChecks = Pick<CheckOptions, "skip" | "timeout" | "missing"> & {
  [K in keyof OptionsByKind]?: Readonly<Record<string, OptionsByKind[K]>>
} & {
  /** What makes it, where the plugin itself is given: whether its options are read is looked at, too. */
  factory?: unknown
  /** What those contributions may use that are given none of their own. */
  host?: Host
}

/** What is said of the plugin itself. */
const ownOptions = { skip: true, timeout: true, missing: true, runner: true, factory: true, host: true }

type Factory = (options?: unknown) => unknown

/** The checks of one thing. */
export interface CheckGroup {
  kind: ContributionKind | "plugin"
  name: string
  checks: Check[]
}

/** Tests a plugin and all that it contributes. Give its factory, as a config calls it, or the plugin itself. */
export function testPlugin(plugin: unknown, options: PluginChecks & Pick<TestOptions, "runner"> = {}): void {
  for (const { kind, name, checks } of pluginChecks(plugin, options)) {
    register(`${kind === "plugin" ? kind : singular[kind]} ${name}`, checks, options)
  }
}

/** The checks of `testPlugin`. What is no plugin at all throws. */
export function pluginChecks(plugin: unknown, options: PluginChecks = {}): CheckGroup[] {
  const made: unknown = typeof plugin === "function" ? plugin() : plugin
  if (made instanceof Promise) {
    throw new SwirlError("The plugin is made later. Wait for it: testPlugin(await make(), { factory: make }).", {
      kind: "usage",
    })
  }
  assertPlugin(made, "What was given")
  const kinds = Object.fromEntries(contributionKinds.map((kind) => [kind, true]))
  assertFields(`The plugin ${made.meta.name}: its test has no option`, options, { ...ownOptions, ...kinds })
  const factory = [plugin, options.factory].find((each) => typeof each === "function") as Factory | undefined
  const groups: CheckGroup[] = [
    { kind: "plugin", name: made.meta.name, checks: checksOfPlugin(made, factory, options) },
  ]
  for (const kind of contributionKinds) {
    const contributed = made[kind] ?? {}
    for (const name of Object.keys(options[kind] ?? {})) {
      if (name in contributed) continue
      throw new SwirlError(
        `${made.meta.name} has no "${name}" among its ${kind}.${suggestion(name, Object.keys(contributed))}`,
        { kind: "usage" },
      )
    }
    for (const [name, value] of Object.entries(contributed)) {
      const { timeout, missing, host } = options
      const given = { timeout, missing, host, ...options[kind]?.[name], name: options[kind]?.[name]?.name ?? name }
      groups.push({ kind, name, checks: byKind[kind](value as never, given as never, made, host) })
    }
  }
  return groups
}

type ByKind = {
  [K in ContributionKind]: (value: never, options: OptionsByKind[K], plugin: Plugin, host?: Host) => Check[]
}

const byKind: ByKind = {
  tools: toolChecks,
  benchmarks: benchmarkChecks,
  models: modelChecks,
  actionFormats: actionFormatChecks,
  judges: judgeChecks,
  oracles: (value, options, plugin, host) => oracleChecks(value, { tasks: () => tasksOf(plugin, host), ...options }),
  outcomeJudges: outcomeJudgeChecks,
  filters: filterChecks,
  retrievers: retrieverChecks,
  embedders: embedderChecks,
  algorithms: algorithmChecks,
  engines: (value, options, plugin) => engineChecks(value, { policy: policyOf(plugin), ...options }),
  jobEngines: jobEngineChecks,
}

/** What an engine is tried with, where nobody says: the embedded policy, or a model that comes with it. */
const policyOf = ({ models = {} }: Plugin): string | undefined =>
  "nano" in models ? undefined : Object.keys(models)[0]

/** A task of each of its benchmarks: an oracle knows those of its own plugin. */
async function tasksOf({ benchmarks = {} }: Plugin, host = checkHost()): Promise<Task[]> {
  const tasks: Task[] = []
  for (const [fullName, value] of Object.entries<Benchmark>(benchmarks)) {
    for await (const task of benchmarkTasks({ fullName, value }, value.splits[0]!, { host, limit: 1 })) {
      tasks.push(task)
      break
    }
  }
  return tasks
}

function checksOfPlugin(plugin: Plugin, factory: Factory | undefined, options: PluginChecks) {
  const behaviours: Behaviours = {
    "contributes something": () => {
      if (contributionKinds.some((kind) => Object.keys(plugin[kind] ?? {}).length > 0)) return
      fail(`it contributes nothing. It may have ${contributionKinds.join(", ")}.`)
    },
    "says its version": () => {
      const { version } = plugin.meta
      if (typeof version === "string" && /^\d+\.\d+\.\d+/.test(version)) return
      fail(`its meta.version is ${JSON.stringify(version)}. Take the one of its package.json.`)
    },
    "refuses an option that it does not have": async () => {
      if (!factory) return { skipped: "it was given as it is; give its factory" }
      if (/^[^(]*\(\s*\)/.test(String(factory))) return { skipped: "its factory takes no options" }
      let refusal: unknown
      try {
        await factory({ nonsense: 1 })
      } catch (error) {
        refusal = error
      }
      if (refusal === undefined) {
        fail("it takes { nonsense: 1 } for its options, so a typo is never told. Read them by a strict schema.")
      }
      if (isSwirlError(refusal) && refusal.kind === "usage" && refusal.message.includes("nonsense")) return
      fail(`it refuses { nonsense: 1 } by ${refusal}, which is no usage error that names the option "nonsense".`)
    },
  }
  return checksOf(`The plugin ${plugin.meta.name}`, behaviours, options)
}
