/** Plugins are plain objects with a global symbol as marker; several copies of this package still understand each other. */
import type { ActionFormat } from "../contracts/action.ts"
import type { Algorithm } from "../contracts/algorithm.ts"
import type { Benchmark } from "../contracts/benchmark.ts"
import type { EmbedderProvider } from "../contracts/embedder.ts"
import type { EngineFactory } from "../contracts/engine.ts"
import type { Filter } from "../contracts/filter.ts"
import type { JobEngine } from "../contracts/job-engine.ts"
import type { JudgeFactory, OracleFactory, OutcomeJudgeFactory } from "../contracts/judge.ts"
import type { ModelProvider } from "../contracts/model.ts"
import type { Retriever } from "../contracts/retriever.ts"
import type { GivenTool, Tool } from "../contracts/tool.ts"

export const API_VERSION = 1
const marker = Symbol.for("swirl-ts.plugin")

/** What a plugin may contribute, by kind; the keys are the names people type. */
export interface Contributions {
  tools: Record<string, Tool>
  // biome-ignore lint/suspicious/noExplicitAny: a benchmark's tasks are its own; they are only handed back to it
  benchmarks: Record<string, Benchmark<any>>
  models: Record<string, ModelProvider>
  actionFormats: Record<string, ActionFormat>
  judges: Record<string, JudgeFactory>
  /** Judges that know the task's plan; `--judge` accepts them and every result is labelled as oracle. */
  oracles: Record<string, OracleFactory>
  /** Judges of final answers against the reference. */
  outcomeJudges: Record<string, OutcomeJudgeFactory>
  filters: Record<string, Filter>
  retrievers: Record<string, Retriever>
  embedders: Record<string, EmbedderProvider>
  algorithms: Record<string, Algorithm>
  engines: Record<string, EngineFactory>
  /** Engines that take a whole training as one job; `--engine` accepts them. */
  jobEngines: Record<string, JobEngine>
}
export type ContributionKind = keyof Contributions
export const contributionKinds = [
  "tools",
  "benchmarks",
  "models",
  "actionFormats",
  "judges",
  "oracles",
  "outcomeJudges",
  "filters",
  "retrievers",
  "embedders",
  "algorithms",
  "engines",
  "jobEngines",
] as const satisfies readonly ContributionKind[]

export interface PluginMeta {
  /** Owner part of full names, e.g. `bench-gsm8k` in `bench-gsm8k/gsm8k`. */
  name: string
  version: string
  apiVersion: typeof API_VERSION
}

export interface PluginDefinition extends Partial<Omit<Contributions, "tools">> {
  meta: PluginMeta
  /** Also the AI SDK's own. */
  tools?: Record<string, GivenTool>
  /** Lets go of what the plugin opened, such as a server that it started; called once, when the command ends. */
  dispose?(): void | Promise<void>
}
export type Plugin<D extends PluginDefinition = PluginDefinition> = D & { readonly [marker]: true }

/** Keys that are no kind of contribution are compile errors, where the keys are known. */
type OnlyKnownKinds<D> = string extends keyof D
  ? unknown
  : { readonly [Key in Exclude<Extract<keyof D, string>, keyof PluginDefinition>]: never }

/** Marks a definition as a plugin; names stay literal, so a config can be checked against them. */
export function definePlugin<const D extends PluginDefinition>(definition: D & OnlyKnownKinds<D>): Plugin<D> {
  return Object.freeze({ ...definition, [marker]: true as const })
}

/** True for what `definePlugin` of any copy of this package gave, whatever is in it. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === "object" && value !== null && marker in value
}
