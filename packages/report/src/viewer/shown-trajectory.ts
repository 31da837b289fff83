/** A recorded trajectory as the viewer shows it: complete, with what entered the conversation by each step. */
import type { EvalSample, ImportedRecord, Message, Prompt, Step, Trajectory } from "@swirl-ts/core"
import type { StepVerdict } from "./step-verdict.ts"
import type { ShownMessage, ViewerStep, ViewerTrajectory } from "./trajectories-page.ts"

export interface ShownFacts {
  key: string
  group: number
  reference?: readonly string[]
  sample?: EvalSample
  imported?: ImportedRecord
  verdicts: readonly StepVerdict[]
  /** The turns that each step added to the conversation; absent where its action format is not loaded. */
  turns?: readonly Prompt[]
}

export function shownTrajectory(trajectory: Trajectory, facts: ShownFacts): ViewerTrajectory {
  const { schema: _, prompt, steps, ...rest } = trajectory
  const { key, group, reference, turns, verdicts } = facts
  return {
    ...rest,
    key,
    group,
    ...(reference?.length ? { reference: [...reference] } : {}),
    prompt: prompt.map(shownMessage),
    steps: steps.map((step, index) =>
      shownStep(step, {
        // What nothing came after was shown to nobody.
        entered: index === steps.length - 1 ? undefined : turns?.[index]?.map(shownMessage),
        verdicts: verdicts.filter((each) => each.step === step.index),
      }),
    ),
    ...ofSample(facts.sample),
    ...ofImport(facts.imported),
  }
}

/** A score whose trajectory is not there. */
export function withoutTrajectory(
  sample: EvalSample,
  { key, group, reference }: Pick<ShownFacts, "key" | "group" | "reference">,
): ViewerTrajectory {
  const { trajectoryId: id, taskId, benchmark, split, epoch, policy, answer, error } = sample
  return {
    ...{
      key,
      group,
      id,
      taskId,
      benchmark,
      split,
      epoch,
      policy,
      question: "",
      status: "no trajectory",
      prompt: [],
      steps: [],
    },
    ...(reference?.length ? { reference: [...reference] } : {}),
    ...(answer === undefined ? {} : { answer }),
    ...(error === undefined ? {} : { error }),
    ...ofSample(sample),
  }
}

function shownStep(
  { reasoning, call, toolCalls, logProbabilities, providerMetadata: _, ...step }: Step,
  { entered, verdicts }: { entered?: ShownMessage[]; verdicts: readonly StepVerdict[] },
): ViewerStep {
  return {
    ...step,
    ...(reasoning?.length ? { thoughts: reasoning.map(({ text }) => text) } : {}),
    ...(call ? { call: { tool: call.tool, input: call.input, query: call.query } } : {}),
    ...(toolCalls ? { unreadCalls: toolCalls.map(({ toolName, input }) => ({ tool: toolName, input })) } : {}),
    ...(entered ? { entered } : {}),
    verdicts: verdicts.map(({ step: _, ...verdict }) => verdict),
    ...(logProbabilities ? { logProbabilities: logProbabilities.map(fourDecimals) } : {}),
  }
}

const fourDecimals = (value: number): number => Math.round(value * 1e4) / 1e4

const ofSample = (sample: EvalSample | undefined): Pick<ViewerTrajectory, "sample"> => {
  if (!sample) return {}
  const { status, primaryMetric, metrics, temperature, error, leak } = sample
  return { sample: { status, primaryMetric, metrics, temperature, error, leak } }
}

const ofImport = (record: ImportedRecord | undefined): Pick<ViewerTrajectory, "imported" | "foreignScores"> => {
  if (!record) return {}
  const { format, source, producer, models, license, limit, retries, lost, scores } = record
  return {
    imported: { format, source, producer, models, license, limit, retries, lost },
    ...(scores ? { foreignScores: scores } : {}),
  }
}

function shownMessage(message: Message): ShownMessage {
  const { role } = message
  if (role === "system") return { role, text: message.content }
  if (role === "tool") return { role, text: message.content.map(({ output }) => output.value).join("\n") }
  const texts: string[] = []
  const calls: NonNullable<ShownMessage["calls"]> = []
  const thoughts: string[] = []
  for (const part of message.content) {
    if (part.type === "text") texts.push(part.text)
    else if (part.type === "reasoning") thoughts.push(part.text)
    else calls.push({ tool: part.toolName, input: part.input })
  }
  return {
    role,
    text: texts.join(""),
    ...(calls.length > 0 ? { calls } : {}),
    ...(thoughts.length > 0 ? { thoughts } : {}),
  }
}
