/** Plugins are plain objects with a global symbol as marker; several copies of this package still understand each other. */
import type { ActionFormat } from "../contracts/action.ts"
import type { Algorithm } from "../contracts/algorithm.ts"
import type { Benchmark } from "../contracts/benchmark.ts"
import type { EmbedderProvider } from "../contracts/embedder.ts"
import type { EngineFactory } from "../contracts/engine.ts"
import type { Filter } from "../contracts/filter.ts"
import type { JudgeFactory, OracleFactory, OutcomeJudgeFactory } from "../contracts/judge.ts"
import type { ModelProvider } from "../contracts/model.ts"
import type { Retriever } from "../contracts/retriever.ts"
import type { Tool } from "../contracts/tool.ts"
import { SwirlError } from "../errors.ts"
import { benchmarkProblem } from "./benchmark-calls.ts"

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
] as const satisfies readonly ContributionKind[]

export interface PluginMeta {
  /** Owner part of full names, e.g. `bench-gsm8k` in `bench-gsm8k/gsm8k`. */
  name: string
  version: string
  apiVersion: typeof API_VERSION
}

export interface PluginDefinition extends Partial<Contributions> {
  meta: PluginMeta
  /** Lets go of what the plugin opened, such as a server that it started; called once, when the command ends. */
  dispose?(): void | Promise<void>
}
export type Plugin<D extends PluginDefinition = PluginDefinition> = D & { readonly [marker]: true }

/** Marks a definition as a plugin; names stay literal, so a config can be checked against them. */
export function definePlugin<const D extends PluginDefinition>(definition: D): Plugin<D> {
  return Object.freeze({ ...definition, [marker]: true as const })
}

/** Checks anything that claims to be a plugin; the error says what is wrong with it. */
export function assertPlugin(value: unknown, origin: string): asserts value is Plugin {
  const fail = (what: string): never => {
    throw new SwirlError(`${origin} is not a usable plugin: ${what}`)
  }
  if (typeof value !== "object" || value === null || !(marker in value)) {
    fail("it is not the result of definePlugin; export the plugin, or a function that returns it, as default")
  }
  const { meta } = value as { meta?: Partial<PluginMeta> }
  if (typeof meta?.name !== "string" || !/^[a-z0-9][a-z0-9-]*$/.test(meta.name)) {
    fail("meta.name has to be lower-case letters, digits and dashes")
  }
  if (meta?.apiVersion !== API_VERSION) {
    fail(`it was made for plugin API ${meta?.apiVersion}, this is API ${API_VERSION}; install a matching version`)
  }
  for (const [name, benchmark] of Object.entries((value as Partial<Contributions>).benchmarks ?? {})) {
    const problem = benchmarkProblem(benchmark)
    if (problem) fail(`of its benchmark "${name}", ${problem}`)
  }
}
