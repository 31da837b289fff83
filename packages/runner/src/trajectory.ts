/**
 * One trajectory: prompt, generate, run the tool, append, repeat, until an answer or a limit (METHOD 5).
 * Whatever the model or a tool does, the result is a record; only the abort signal, usage errors and a failing disk
 * end the loop by an exception. The last step never runs its tool: nobody would read the result.
 */
import {
  type Action,
  type ActionFormat,
  type Benchmark,
  errorMessage,
  firstPrompt,
  type Generation,
  isCommandEnd,
  isContextOverflow,
  isSwirlError,
  type LanguageModel,
  type Limits,
  type NamedTool,
  type Observation,
  offeringTools,
  PluginFailure,
  type Prompt,
  type Prompting,
  type ResponseRecord,
  readGeneration,
  SwirlError,
  seedFrom,
  type Task,
  type Tool,
  type ToolServices,
  type Trajectory,
  workAs,
} from "@swirl-ts/core"
import { type RetryOptions, withRetry } from "@swirl-ts/kit"
import { malformedReply } from "./action-text.ts"
import { bindTools, disposeTools } from "./bound-tools.ts"
import { contextTokens } from "./context-tokens.ts"
import { extendContext, responseId, runHash, trajectoryId } from "./identity.ts"
import { modelTurn, withUniqueCallIds } from "./model-turn.ts"
import { loadToolSchemas, namedTools, type Tools } from "./named-tools.ts"
import { type Sampling, temperatureOf } from "./sampling.ts"
import { newStep } from "./step.ts"
import { TokenTape } from "./token-tape.ts"
import { callWithinLimits, changedLimits, type ToolCallSettings } from "./tool-call.ts"
import { recordedCall, type ToolReplay } from "./tool-replay.ts"

/** What decides how trajectories of a benchmark come about. */
export interface TrajectorySettings<T extends Task = Task> {
  /** `fullName` as the registry gives it, e.g. `bench-gsm8k/gsm8k`. */
  benchmark: { value: Benchmark<T>; fullName: string; split: string }
  model: LanguageModel
  /** By the name the model sees; bound to each task here (see `benchmarkTools`). */
  tools: Tools
  /** By the same names; what is left out is the default. */
  toolCalls?: Readonly<Record<string, ToolCallSettings>>
  /** Answers in place of tools: none is bound or called. */
  toolReplay?: ToolReplay
  /** Host, embedders and retrievers for tools that need them. */
  services?: ToolServices
  format: ActionFormat
  /** Absent: the benchmark's own way of asking. Its worked examples are in the tasks. */
  prompting?: Prompting
  /** Default: the benchmark's. */
  limits?: Limits
  /** The run's seed. */
  seed: number
  /** The policy's name in records: a policySlug, so that two different weights never share one. */
  policy: string
  sampling?: Sampling
  retry?: RetryOptions
  abortSignal?: AbortSignal
}

export interface TrajectoryOptions<T extends Task = Task> extends TrajectorySettings<T> {
  task: T
  epoch?: number
  /** Ends requests to the model; default: `abortSignal`. */
  requestSignal?: AbortSignal
  /** Accepted responses of an earlier try, by response id; they are used instead of asking again. */
  cachedResponses?: { get(id: string): ResponseRecord | undefined | Promise<ResponseRecord | undefined> }
  /** Awaited before the step goes on. */
  onResponse?(response: ResponseRecord): void | Promise<void>
}

/** The id of the trajectory that `runTrajectory` would make. */
export function plannedTrajectoryId<T extends Task>(
  settings: Pick<
    TrajectorySettings<T>,
    "benchmark" | "policy" | "seed" | "format" | "prompting" | "sampling" | "tools" | "toolCalls" | "limits"
  >,
  task: Task,
  epoch: number,
): string {
  const { benchmark, policy, seed, format, sampling = {}, tools } = settings
  const limits = settings.limits ?? benchmark.value.limits
  const run = runHash({
    policy,
    seed,
    actionFormat: format.name,
    sampling,
    limits,
    tools: Object.keys(tools),
    toolLimits: changedLimits(settings.toolCalls),
    prompting: settings.prompting,
  })
  return trajectoryId({
    benchmark: benchmark.fullName,
    split: benchmark.split,
    taskId: task.id,
    epoch,
    runHash: run,
  })
}

export async function runTrajectory<T extends Task>(options: TrajectoryOptions<T>): Promise<Trajectory> {
  const { task, benchmark, format, model, seed, policy, epoch = 0, abortSignal } = options
  const limits = options.limits ?? benchmark.value.limits
  abortSignal?.throwIfAborted()
  if (format.continuesTurn && !model.conversation) {
    throw new SwirlError(
      `The action format ${format.name} puts results into the model's own turn, which ${model.modelId} cannot go on with: that takes a model of this process (local:, llama:, nano). Use the action format tags or native.`,
      { kind: "usage" },
    )
  }
  const trajectory: Trajectory = {
    schema: "swirl.trajectory/1",
    id: plannedTrajectoryId(options, task, epoch),
    taskId: task.id,
    benchmark: benchmark.fullName,
    split: benchmark.split,
    epoch,
    seed,
    policy,
    actionFormat: format.name,
    question: task.question,
    prompt: [],
    steps: [],
    status: "error",
    usage: { inputTokens: 0, outputTokens: 0 },
  }
  let bound: Record<string, Tool> = {}
  try {
    const { split } = benchmark
    const own = { taskId: task.id, split, seed: seedFrom(seed, task.id, epoch) }
    if (!options.toolReplay)
      bound = await bindTools(options.tools, benchmark, task, { ...options.services, ...own, abortSignal })
    else await loadToolSchemas(options.tools)
    const tools = options.toolReplay ? options.tools : bound
    const named = namedTools(tools)
    const { template } = options.prompting ?? {}
    trajectory.prompt = firstPrompt(benchmark, task, { format, tools: named, limits, template })
    const { conversation } = model
    const tape = conversation
      ? new TokenTape(offeringTools(conversation, format.requestTools(named)), trajectory.prompt)
      : undefined
    trajectory.status = await runSteps(options, { trajectory, tools, named, limits, tape })
  } catch (error) {
    abortSignal?.throwIfAborted()
    if (error instanceof RecordingFailure) throw error.cause
    if (isCommandEnd(error)) throw error
    // What fails before anything is asked is a file or a setting, the same for every task.
    const ofTask = error instanceof PluginFailure
    if (isSwirlError(error) && !ofTask && (error.kind === "usage" || trajectory.prompt.length === 0)) throw error
    if (isContextOverflow(error) && trajectory.steps.length > 0) trajectory.status = "token-limit"
    else {
      trajectory.status = "error"
      trajectory.error = errorMessage(error)
    }
  } finally {
    await disposeTools(bound, options.tools, options.services?.host)
  }
  return trajectory
}

interface State {
  trajectory: Trajectory
  tools: Tools
  named: NamedTool[]
  limits: Limits
  tape: TokenTape | undefined
}

async function runSteps<T extends Task>(
  options: TrajectoryOptions<T>,
  state: State,
): Promise<Exclude<Trajectory["status"], "error">> {
  const { format, abortSignal } = options
  const { trajectory, limits, tape, named } = state
  const messages: Prompt = [...trajectory.prompt]
  let context = extendContext("", messages)
  let toolCalls = 0
  let tokens = tape?.length ?? 0
  for (let index = 0; index < limits.steps; index++) {
    const room = limits.trajectoryTokens - tokens
    if (room <= 0) return "token-limit"
    const budget = Math.min(limits.stepTokens, room)
    const request = { messages, context, index, budget }
    const generation = withUniqueCallIds(await generate(options, state, request), messages, index)
    const entered = tape?.sampled(generation.tokens)
    const action = format.parse(generation, named)
    const step = newStep(index, action, generation, entered)
    trajectory.steps.push(step)
    countTokens(trajectory, generation)
    if (action.kind === "answer") {
      trajectory.answer = action.answer
      return "answered"
    }
    if (toolCalls >= limits.toolCalls || index === limits.steps - 1) return "step-limit"
    abortSignal?.throwIfAborted()
    step.observation = await observe(options, state, action, { index, messages })
    if (action.kind === "tool") toolCalls++
    const turns = format.reply(action, step.observation, generation)
    const added = [modelTurn(format, generation), ...turns]
    messages.push(...added)
    context = extendContext(context, added)
    if (tape && generation.tokens) step.shown = tape.enter(turns, generation.tokens.finishReason)
    tokens = tape?.length ?? contextTokens(generation, messages, turns)
  }
  return "step-limit"
}

function countTokens({ usage }: Trajectory, { usage: { inputTokens, outputTokens }, cached }: Generation): void {
  if (cached) {
    usage.cached ??= { responses: 0, inputTokens: 0, outputTokens: 0 }
    usage.cached.responses++
  }
  const counts = usage.cached && cached ? usage.cached : usage
  counts.inputTokens += inputTokens
  counts.outputTokens += outputTokens
}

async function generate<T extends Task>(
  options: TrajectoryOptions<T>,
  { trajectory, named, tape }: State,
  request: { messages: Prompt; context: string; index: number; budget: number },
): Promise<Generation> {
  const { model, format, sampling = {}, abortSignal, cachedResponses, onResponse } = options
  const { requestSignal = abortSignal } = options
  const { topP, topK } = sampling
  const stopSequences = stopsOf(sampling, format.stops?.(named))
  const temperature = temperatureOf(sampling)
  const { index, budget } = request
  const seed = seedFrom(trajectory.seed, trajectory.taskId, trajectory.epoch, index)
  const tools = format.requestTools(named)
  const id = responseId(trajectory.id, index, { context: request.context, tools, maxOutputTokens: budget, seed })
  const cached = await cachedResponses?.get(id)
  if (cached) return cached.generation
  const call = () =>
    model.doGenerate({
      prompt: [...request.messages],
      maxOutputTokens: budget,
      temperature: temperature === "none" ? undefined : temperature,
      seed,
      topP,
      topK,
      stopSequences,
      ...(tools.length > 0 ? { tools } : {}),
      abortSignal: requestSignal,
      // The step: model turns of worked examples in the prompt are none.
      providerOptions: {
        swirl: {
          step: index,
          prefixKey: trajectory.taskId,
          ...(tape ? { promptTokenIds: tape.promptTokenIds(), seed } : {}),
        },
        ...(tools.length > 0 ? oneCallATurn : {}),
      },
    })
  const asked = async () => {
    const turn = readGeneration(await workAs(`the model ${trajectory.policy}`, call), model)
    if (turn.finishReason === "error") throw new FailedTurn("the model ended its turn with an error")
    return turn
  }
  const generation = await withRetry(asked, seed, options.retry, abortSignal)
  try {
    await onResponse?.({ schema: "swirl.response/1", id, trajectoryId: trajectory.id, step: index, generation })
  } catch (error) {
    throw new RecordingFailure("a response could not be recorded", { cause: error })
  }
  return generation
}

const stopsOf = ({ stopSequences }: Sampling, ofFormat: readonly string[] = []): string[] | undefined =>
  ofFormat.length > 0 ? [...(stopSequences ?? []), ...ofFormat] : stopSequences

/** An action is one call; the providers that can be told so are. */
const oneCallATurn = { openai: { parallelToolCalls: false }, anthropic: { disableParallelToolUse: true } }

/** What was said up to a failure of the model's server is no turn of the model. */
class FailedTurn extends SwirlError {
  readonly isRetryable = true
}

/** A response that cannot be kept ends the whole run, not one trajectory: more of them would be paid for in vain. */
class RecordingFailure extends Error {}

async function observe<T extends Task>(
  { benchmark, task, format, toolCalls, toolReplay, abortSignal }: TrajectoryOptions<T>,
  { trajectory, tools, named }: State,
  action: Exclude<Action, { kind: "answer" }>,
  { index, messages }: { index: number; messages: Prompt },
): Promise<Observation> {
  const tool = action.kind === "tool" ? tools[action.tool] : undefined
  if (action.kind === "tool" && tool) {
    const name = action.tool
    if (toolReplay) return toolReplay.answer(recordedCall(trajectory, action))
    const call = { toolCallId: `call-${index}`, messages, abortSignal }
    return callWithinLimits(tool, action.input, { ...toolCalls?.[name], ...call, name, taskId: task.id })
  }
  const reason = action.kind === "tool" ? `there is no tool "${action.tool}"` : action.reason
  return { text: benchmark.value.malformedReply ?? malformedReply(reason, format, named), isError: true }
}
