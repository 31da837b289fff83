/**
 * The toy engine's world. Question: a digit d. A good trajectory calls `add d`, reads d + 1 (mod 3), and says it.
 */
import {
  type Action,
  type ActionFormat,
  assistantMessage,
  type Episode,
  type JudgeRequest,
  type JudgeVerdict,
  promptQuestion,
  type RolloutSummary,
  type Step,
  seedFrom,
  type TrainingContext,
  type Trajectory,
  userMessage,
} from "@swirl-ts/core"
import { conversation, END, id, type ToyEngine, toyEngine } from "./toy-engine.ts"

const format: ActionFormat = {
  name: "toy",
  description: "a word and a digit",
  requestTools: () => [],
  parse({ text }): Action {
    const [word, digit, ...rest] = text.split(" ")
    if (digit === undefined || !/^\d$/.test(digit) || rest.length > 0)
      return { kind: "malformed", reason: "not a word and a digit" }
    if (word === "add") return { kind: "tool", tool: "add", input: digit, query: digit }
    if (word === "say") return { kind: "answer", answer: digit }
    return { kind: "malformed", reason: "no such word" }
  },
  write: (action) => ({
    text: action.kind === "answer" ? `say ${action.answer}` : `add ${action.query}`,
    toolCalls: [],
  }),
  turn: ({ text }) => assistantMessage(text),
  reply: () => [],
  describe: () => "",
}

/** A call is good when it is the first and of the question's digit; an answer when it is the last result. */
export function toyJudge({ input }: Pick<JudgeRequest, "input">): JudgeVerdict {
  const { action } = input.action
  const result = input.conversation.at(-1)?.observation?.text
  const good =
    action.kind === "tool"
      ? input.conversation.length === 0 && action.query === promptQuestion(input.prompt)
      : action.kind === "answer" && result !== undefined && action.answer === result
  return { verdict: good ? "good" : "bad", reason: good ? "follows" : "does not follow" }
}

interface RollOptions {
  maxSteps?: number
  maxTokens?: number
  /** How actions are read. */
  parse?: ActionFormat["parse"]
}

async function rollOne(
  engine: ToyEngine,
  task: number,
  seed: number,
  { maxSteps = 3, maxTokens = 6, parse = format.parse }: RollOptions = {},
): Promise<Trajectory> {
  const digit = task % 3
  const steps: Step[] = []
  let ids: number[] = []
  let context = [id("<user>"), id(String(digit)), id("<model>")]
  let answer: string | undefined
  for (let index = 0; index < maxSteps && answer === undefined; index++) {
    ids = [...ids, ...context]
    const [[sampled]] = (await engine.sample([ids], {
      n: 1,
      maxTokens,
      temperature: 1,
      seeds: [seedFrom(seed, task, index)],
    })) as [[{ tokenIds: number[]; logProbabilities: number[]; finishReason: "stop" | "length" }]]
    const text = conversation.decode(sampled.tokenIds)
    const action = parse({ text, toolCalls: [], finishReason: sampled.finishReason }, [])
    const result = action.kind === "tool" && /^\d$/.test(action.query) ? successor(action.query) : "0"
    if (action.kind === "answer") answer = action.answer
    steps.push({
      index,
      kind: action.kind,
      text,
      ...(action.kind === "tool" ? { call: { tool: "add", input: action.input, query: action.query } } : {}),
      ...(action.kind === "answer" ? { answer: action.answer } : { observation: { text: result, isError: false } }),
      contextTokenIds: context,
      tokenIds: sampled.tokenIds,
      logProbabilities: sampled.logProbabilities,
      finishReason: sampled.finishReason,
    })
    ids = [...ids, ...sampled.tokenIds]
    const end = sampled.tokenIds.at(-1) === END ? [] : [END]
    context = [...end, id(result), id("<model>")]
  }
  return {
    schema: "swirl.trajectory/1",
    id: `toy-${task}-${seed}`,
    taskId: `train/${task}`,
    benchmark: "toy/toy",
    split: "train",
    epoch: 0,
    seed,
    policy: "toy",
    actionFormat: "toy",
    question: String(digit),
    prompt: [userMessage(String(digit))],
    steps,
    ...(answer === undefined ? {} : { answer }),
    status: answer === undefined ? "step-limit" : "answered",
    usage: { inputTokens: 0, outputTokens: 0 },
  }
}

const successor = (digit: string): string => String((Number(digit) + 1) % 3)
const correct = (trajectory: Trajectory): boolean => trajectory.answer === successor(trajectory.question)

/** Fresh episodes of a toy engine, as a training context gives them. */
export function toyRollouts(
  engine: ToyEngine,
  outcome: (trajectory: Trajectory) => number | undefined = (trajectory) => Number(correct(trajectory)),
  options: RollOptions = {},
): NonNullable<TrainingContext["rollouts"]> {
  return async (tasks, samples, seed) => {
    const episodes: Episode[] = []
    for (const { taskId } of tasks) {
      for (let epoch = 0; epoch < samples; epoch++) {
        const made = await rollOne(
          engine,
          Number(taskId.slice("train/".length)),
          seedFrom(seed, "epoch", epoch),
          options,
        )
        episodes.push({ ...made, epoch, outcome: outcome(made) })
      }
    }
    return episodes
  }
}

export async function rollMany(engine: ToyEngine, count: number, seed: number): Promise<Trajectory[]> {
  const all: Trajectory[] = []
  for (let task = 0; task < count; task++) all.push(await rollOne(engine, task, seed))
  return all
}

export async function rolloutSummary(engine: ToyEngine, count: number, seed: number): Promise<RolloutSummary> {
  const all = await rollMany(engine, count, seed)
  const steps = all.flatMap((trajectory) => trajectory.steps)
  return {
    trajectories: count,
    accuracy: all.filter(correct).length / count,
    goodSteps: 0,
    malformed: steps.filter((step) => step.kind === "malformed").length / steps.length,
    toolCalls: steps.filter((step) => step.kind === "tool").length / steps.length,
    meanSteps: steps.length / count,
    answered: all.filter((trajectory) => trajectory.answer !== undefined).length / count,
  }
}

/** A training context over the toy world; 40 trajectories of the starting policy. */
export async function toyContext(
  directory: string,
  options: Record<string, unknown>,
  {
    engine = toyEngine(),
    seed = 1,
    trajectories = 40,
  }: { engine?: ToyEngine; seed?: number; trajectories?: number } = {},
): Promise<TrainingContext & { engine: ToyEngine }> {
  return {
    engine,
    trajectories: await rollMany(toyEngine(), trajectories, seed),
    format,
    tools: [],
    judge: async (requests) => requests.map(toyJudge),
    rollouts: toyRollouts(engine),
    keep: async (episodes) => episodes.filter(({ outcome }) => outcome === 1),
    gold: async ({ taskId }) => [successor(String(Number(taskId.slice("train/".length)) % 3))],
    rollout: (_model, { seed: rolloutSeed }) => rolloutSummary(engine, 60, rolloutSeed),
    directory,
    seed,
    options,
  }
}
