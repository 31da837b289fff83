/**
 * Judges. A step judge sees prompt, conversation and action, and where it asks for them the siblings, and nothing else: its
 * input type has no field for a reference answer, a plan or the task. An oracle judge sees the task and is always labelled so.
 * A judge that fails gives `unscored`, which is a third value and never zero.
 */
import type { Message, Prompt } from "../prompts/prompt.ts"
import { messageText } from "../prompts/prompt.ts"
import type { Step, Trajectory } from "../records/records.ts"
import type { Action } from "./action.ts"
import type { Task } from "./benchmark.ts"
import type { Host, ModelOptions, OpenModel } from "./model.ts"
import type { Sibling } from "./siblings.ts"
import type { SupportRule } from "./support.ts"
import type { Observation } from "./tool-output.ts"

export interface JudgeStep {
  text: string
  action: Action
  /** What the environment answered; absent only after an answer. */
  observation?: Observation
}

export interface JudgeInput {
  prompt: Prompt
  /** Steps before the one that is judged. */
  conversation: JudgeStep[]
  /**
   * The step that is judged. `result`, of a call and for a judge that asks for siblings: what the environment gives for it;
   * absent where nobody can say, as of a fresh call of a tool that is not repeatable.
   */
  action: { text: string; action: Action; result?: Observation }
  /** Of a judge that asks for them: all that is on record for the question, the trajectory of this step among it. */
  siblings?: readonly Sibling[]
}

export interface JudgeVerdict {
  verdict: "good" | "bad" | "unscored"
  /** Graded judges only, in [0, 1]. */
  score?: number
  reason: string
  usage?: { inputTokens: number; outputTokens: number }
}

export interface Judge {
  /** Name and every setting that changes verdicts; part of each verdict's id. */
  identity: string
  /** Milliseconds a verdict may take before it counts as unscored; `Infinity` for judges that keep time themselves. Default: two minutes. */
  timeout?: number
  judge(input: JudgeInput, options?: { abortSignal?: AbortSignal }): JudgeVerdict | Promise<JudgeVerdict>
}

/** Knows the task's plan or answer: for calibration and for rows that are labelled as oracle. */
export interface OracleJudge {
  identity: string
  judge(input: JudgeInput, task: Task): JudgeVerdict | Promise<JudgeVerdict>
}

export interface OutcomeInput {
  question: string
  reference: string
  answer: string
}

/** Sees the reference answer and the final answer only; `good`: they say the same. */
export interface OutcomeJudge {
  identity: string
  timeout?: number
  judge(input: OutcomeInput, options?: { abortSignal?: AbortSignal }): JudgeVerdict | Promise<JudgeVerdict>
}

/** Options are per benchmark: `benchmark` is the full name the judged trajectories carry. */
export interface JudgeFactoryOptions {
  benchmark: string
  seed: number
  [option: string]: unknown
}

/** A tool of the benchmark that is judged, without a way to run it. */
export interface JudgedTool {
  /** As models call it. */
  name: string
  /** Full name and version of who offers it: part of the identity of a judge that goes by its rule. */
  identity: string
  /** The tool's own rule, where it has one; an input that does not fit the schema is not supported. */
  isSupported?: SupportRule<unknown>
  /** What a result says, as the tool compares results, where it has a say in that. */
  resultKeys?(text: string): readonly string[]
}

/** How a benchmark compares answers with each other. */
export interface JudgedAnswers {
  /** Full name and version of the benchmark: part of the identity of a judge that goes by its normalisation. */
  identity: string
  /** Two answers with the same key are the same answer; undefined for one that says nothing. */
  keyOf(answer: string): string | undefined
}

/** What a judge may use of the house: rule judges the tools' own rules, others models to ask. */
export interface JudgeContext {
  host: Host
  /**
   * Opens any model string, e.g. `openai:…`. Whoever made the context bounds and retries its calls, and closes it;
   * the same string and options give the same model.
   */
  openModel(reference: string, options?: ModelOptions): Promise<OpenModel>
  /** Of the benchmark; absent where it is not loaded, or not all of its tools are. */
  tools?: readonly JudgedTool[]
  /** How the benchmark tells whether two answers are the same, where it says so. */
  answers?: JudgedAnswers
}

/** A judge as plugins offer it, by name. */
interface Factory<J> {
  description: string
  /**
   * Its verdicts are a model's, so they are paid for and depend on which model it is. Known before one is made: a command
   * with two judges gives the model that `--judge-model` names to those that ask one.
   */
  asksModel?: boolean
  create(options: JudgeFactoryOptions, context?: JudgeContext): J | Promise<J>
}
export interface JudgeFactory extends Factory<Judge> {
  /**
   * It is shown the siblings of the question, and what the judged call gives. Its verdicts are stale once the question has
   * other trajectories, and in a training it goes by those that were there at the start.
   */
  needs?: readonly "siblings"[]
  /** Settings that `judge --calibrate` compares, e.g. those of a threshold. */
  compared?: readonly Readonly<Record<string, unknown>>[]
}
export interface OracleFactory extends Factory<OracleJudge> {}
export interface OutcomeJudgeFactory extends Factory<OutcomeJudge> {}

/** What verdict a judge gave, as a reward in [0, 1]; undefined where it gave none. */
export function rewardOf(verdict: JudgeVerdict): number | undefined {
  if (verdict.verdict === "unscored") return undefined
  return verdict.score ?? (verdict.verdict === "good" ? 1 : 0)
}

/** The action a recorded step took. */
export function stepAction(step: Step): Action {
  if (step.kind === "tool" && step.call) {
    return { kind: "tool", tool: step.call.tool, input: step.call.input, query: step.call.query }
  }
  if (step.kind === "answer") return { kind: "answer", answer: step.answer ?? "" }
  return { kind: "malformed", reason: step.malformed ?? "malformed" }
}

/** What a judge may see of step `index` of a trajectory. */
export function judgeInput(trajectory: Pick<Trajectory, "prompt" | "steps">, index: number): JudgeInput {
  const step = trajectory.steps[index]
  if (!step) throw new RangeError(`step ${index} does not exist: the trajectory has ${trajectory.steps.length} steps`)
  return {
    prompt: trajectory.prompt,
    conversation: trajectory.steps.slice(0, index).map((earlier) => ({
      text: earlier.text,
      action: stepAction(earlier),
      observation: earlier.observation,
    })),
    action: { text: step.text, action: stepAction(step) },
  }
}

/** The text of the last user turn of a first prompt: worked examples stand before it. */
export function promptQuestion(prompt: Prompt): string {
  const asked = prompt.findLast((message): message is Extract<Message, { role: "user" }> => message.role === "user")
  return asked ? messageText(asked) : ""
}
