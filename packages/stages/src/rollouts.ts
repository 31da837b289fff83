/** Everything a roll-out on one benchmark needs, put together from names. */
import {
  askedTools,
  type Benchmark,
  endpointsInWords,
  firstLine,
  firstPrompt,
  isInShard,
  type Limits,
  type NamedTool,
  type OpenModel,
  offeringTools,
  type Prompt,
  type Prompting,
  promptingSettings,
  type Registry,
  type Shard,
  SwirlError,
  shardName,
  type Task,
  type Temperature,
  type ToolServices,
} from "@swirl-ts/core"
import { counted } from "@swirl-ts/kit"
import {
  benchmarkTools,
  changedLimits,
  loadToolSchemas,
  namedTools,
  type RolloutOptions,
  type Sampling,
  type ToolCallSettings,
  type Tools,
} from "@swirl-ts/runner"
import { dataPathOf, openPolicy, type StageContext, toolCallSettings } from "./context.ts"
import { openFormat } from "./open-format.ts"
import { loadTasks } from "./tasks.ts"

/**
 * Trajectories that are repeated together after a kill. At the end of each block few rows are left, and a step of few takes
 * long for what it gives: some times as many as are decoded together.
 */
const blockSize = (model: OpenModel): number => Math.max(16, Math.min(512, 4 * (model.concurrency ?? 64)))

export interface TaskSelection {
  split: string
  limit?: number
  /** So many of the first tasks are passed over. */
  skip?: number
  ids?: readonly string[]
  /** The tasks of one of several interleaved parts; no ids go with it. */
  shard?: Shard
}

/** The tasks that a selection means, in the benchmark's order; a split without any is a usage error. `see` is shown every task that is read for it, `upTo` at least. */
export async function selectTasks(
  context: StageContext,
  directory: string,
  benchmark: string,
  selection: TaskSelection,
  { upTo = 0, shots, see }: { upTo?: number; shots?: number; see?(task: Task): void } = {},
): Promise<Task[]> {
  const { split, shard, skip = 0 } = selection
  if (shard && selection.ids)
    throw new SwirlError("--ids names tasks, and --shard divides those of a split. Give one of the two.", {
      kind: "usage",
    })
  const { fullName } = context.registry.resolve("benchmarks", benchmark)
  const wanted = selection.ids ? new Set(selection.ids) : undefined
  const from = wanted ? 0 : skip
  const limit = wanted || selection.limit === undefined ? undefined : from + selection.limit
  const tasks = new Map<string, Task>()
  let row = 0
  const reading = { limit: limit && Math.max(limit, upTo), shots }
  for await (const task of loadTasks(context, directory, benchmark, split, reading)) {
    see?.(task)
    const mine = row >= from && row < (limit ?? Number.POSITIVE_INFINITY) && (!shard || isInShard(shard, row))
    row++
    if (mine && (!wanted || wanted.delete(task.id))) addTask(tasks, task, fullName)
    if (wanted?.size === 0 && row >= upTo) break
  }
  if (row === 0 && selection.limit !== 0)
    throw new SwirlError(`Split ${split} of ${fullName} has no tasks.`, { kind: "usage" })
  if (wanted && wanted.size > 0) throw unknownIds(fullName, split, [...wanted])
  if (tasks.size === 0 && from > 0 && from >= row)
    throw new SwirlError(
      `Split ${split} of ${fullName} has ${row} tasks, and ${from} of them are skipped. Skip fewer.`,
      {
        kind: "usage",
      },
    )
  if (shard && tasks.size === 0 && selection.limit !== 0)
    throw new SwirlError(
      `Shard ${shardName(shard)} of ${fullName}/${split} has no task: fewer are asked for than there are shards. Divide it into fewer (--shard).`,
      { kind: "usage" },
    )
  return [...tasks.values()]
}

/** What is held at once: more than any split has, and fewer than a benchmark that never ends would fill the memory with. */
const mostTasks = 1_000_000

function addTask(tasks: Map<string, Task>, task: Task, benchmark: string): void {
  const refuse = (what: string): never => {
    throw new SwirlError(`Benchmark ${benchmark} ${what}`, { kind: "usage" })
  }
  if (tasks.has(task.id)) refuse(`gave the task id "${task.id}" twice; ids have to be unique.`)
  if (tasks.size === mostTasks) refuse(`has more than ${mostTasks} tasks. Say how many are wanted: --limit <n>`)
  tasks.set(task.id, task)
}

export function unknownIds(benchmark: string, split: string, ids: readonly string[]): SwirlError {
  return new SwirlError(
    `Split ${split} of ${benchmark} has no task ${ids.slice(0, 3).join(", ")}${ids.length > 3 ? " …" : ""}.`,
    { kind: "usage" },
  )
}

export interface RolloutRequest {
  benchmark: string
  split: string
  actionFormat: string
  /** In place of the benchmark's own way of asking. */
  prompting?: Prompting
  model: OpenModel
  /** Its name in records. */
  policy: string
  sampling: Sampling
  /** In place of the benchmark's own. */
  limits?: Partial<Limits>
  /** `none`: the model gets no tool, and is asked to think aloud. Default: the benchmark's. */
  tools?: "none"
  /** Whoever opened them closes them. */
  services: ToolServices
}

export type RolloutSettings = Omit<RolloutOptions, "tasks">

/** Settings of `rollout` and `evaluate` in one place, so that generating and evaluating cannot differ. */
export function rolloutSettings(context: StageContext, request: RolloutRequest): RolloutSettings {
  const { value, fullName } = context.registry.resolve("benchmarks", request.benchmark)
  const local = request.model.model.conversation !== undefined
  return {
    benchmark: { value, fullName, split: request.split },
    model: request.model.model,
    tools: request.tools === "none" ? {} : benchmarkTools(context.registry, value),
    toolCalls: request.tools === "none" ? {} : toolCalls(context, value),
    services: request.services,
    toolReplay: context.toolReplay,
    format: openFormat(context.registry, request.actionFormat),
    prompting: request.prompting,
    seed: context.seed,
    policy: request.policy,
    sampling: request.sampling,
    concurrency:
      request.model.concurrency === undefined
        ? context.concurrency
        : local
          ? request.model.concurrency
          : Math.min(context.concurrency, request.model.concurrency),
    blockSize: local ? blockSize(request.model) : undefined,
    limits: { ...value.limits, ...request.limits },
    retry: { attempts: context.requests?.attempts },
    abortSignal: context.abortSignal,
  }
}

/** How the tools of a benchmark are called, by the names the model sees. */
const toolCalls = (context: StageContext, benchmark: Benchmark): Record<string, ToolCallSettings> =>
  Object.fromEntries(
    askedTools(context.registry, benchmark).map(({ name, fullName }) => [name, toolCallSettings(context, fullName)]),
  )

/** What `run.json` says of a roll-out, the number of samples aside. */
export const rolloutSpec = (
  context: StageContext,
  request: Pick<RolloutRequest, "actionFormat" | "prompting" | "limits" | "tools"> &
    Pick<TaskSelection, "limit" | "skip"> & { temperature: Temperature },
  { model, policy, settings }: { model: string; policy: OpenModel; settings: RolloutSettings },
) => ({
  model,
  identity: policy.identity,
  temperature: request.temperature,
  actionFormat: request.actionFormat,
  ...promptingSettings(request.prompting),
  seed: context.seed,
  dataPath: dataPathOf(context, settings.benchmark.fullName),
  limit: request.limit,
  skip: request.skip,
  tools: request.tools,
  replayTools: context.replayedFrom,
  limits: request.limits,
  toolLimits: changedLimits(settings.toolCalls),
})

/** Tells a roll-out's progress as a stage's, with what was there already and why the newest error came. */
export const rolloutProgress =
  ({ onProgress }: StageContext, stage: string, { endpoints }: OpenModel): RolloutSettings["onProgress"] =>
  ({ done, total = done, resumed, answered, malformed, errors, lastError, cached }) => {
    const known = resumed > 0 ? `${resumed} were there already, ` : ""
    const reason = lastError === undefined ? "" : ` (the last: ${shortened(firstLine(lastError))})`
    const servers = endpointsInWords(endpoints?.())
    const told = servers === undefined ? "" : ` · ${servers}`
    const before = cached > 0 ? `, ${counted(cached, "response")} of before` : ""
    const detail = `${known}${answered} answered, ${malformed} malformed, ${errors} errors${reason}${before}${told}`
    onProgress?.({ stage, done, total, detail })
  }

const shortened = (text: string): string => (text.length > 160 ? `${text.slice(0, 160)}…` : text)

/** What a model would see first of a task. */
export async function describeTask(
  registry: Registry,
  benchmark: Benchmark,
  task: Task,
  actionFormat: string,
  { template }: Prompting = {},
): Promise<{ prompt: Prompt; tools: NamedTool[]; limits: Limits }> {
  const tools = await toolsOf(registry, [benchmark])
  const format = openFormat(registry, actionFormat)
  const fullName = registry.list("benchmarks").find(({ value }) => value === benchmark)?.fullName ?? "of no plugin"
  return {
    prompt: firstPrompt({ fullName, value: benchmark }, task, {
      format,
      tools,
      limits: benchmark.limits,
      template,
    }),
    tools,
    limits: benchmark.limits,
  }
}

/** A first prompt as a model's own template writes it; undefined of a model that keeps no token ids. */
export async function shownPrompt(
  context: StageContext,
  model: string,
  { prompt, tools, actionFormat }: { prompt: Prompt; tools: readonly NamedTool[]; actionFormat: string },
): Promise<{ tokens: number; text?: string } | undefined> {
  const format = openFormat(context.registry, actionFormat)
  const open = await openPolicy(context, model)
  try {
    if (!open.model.conversation) return undefined
    const conversation = offeringTools(open.model.conversation, format.requestTools(tools))
    const ids = conversation.start(prompt)
    return { tokens: ids.length, text: conversation.spell?.(ids) }
  } finally {
    await open.close?.()
  }
}

/** Named tools of several benchmarks together; a tool that two of them use counts once. */
export async function toolsOf(registry: Registry, benchmarks: readonly Benchmark[]): Promise<NamedTool[]> {
  const tools = Object.assign({}, ...benchmarks.map((benchmark) => benchmarkTools(registry, benchmark))) as Tools
  await loadToolSchemas(tools)
  return namedTools(tools)
}
