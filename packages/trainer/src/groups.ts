/**
 * Fresh actions at recorded states, with rewards. No tool runs. Malformed and cut-off actions are bad without asking a
 * judge; equal actions of a state are judged once; a judge that fails leaves an action unscored, never zero.
 */
import {
  type Action,
  type ConversationTokens,
  cutAtStop,
  type JudgeRequest,
  judgeInput,
  offeringTools,
  readTurn,
  rewardOf,
  SwirlError,
  seedFrom,
  type TrainingContext,
} from "@swirl-ts/core"
import type { State } from "./decompose.ts"
import type { SwirlSettings } from "./options.ts"

export type ActionKind = "tool" | "answer" | "malformed" | "cut-off"

export interface SampledAction {
  tokenIds: number[]
  logProbabilities: number[]
  text: string
  action: Action
  kind: ActionKind
  /** In [0, 1]; undefined where the judge gave no score. */
  reward: number | undefined
  verdict: "good" | "bad" | "unscored"
  reason: string
}

/** All samples of one state in one batch: they share a baseline. */
export interface Group {
  state: State
  actions: SampledAction[]
}

/** Samples `samples` actions for every draw; a state drawn m times is one group of m · samples actions. */
export async function sampleGroups(
  context: TrainingContext,
  drawn: readonly State[],
  iteration: number,
  options: Pick<SwirlSettings, "samples" | "maxTokens">,
): Promise<Group[]> {
  const groups = new Map<string, Group>()
  const seeds = drawn.map((state, index) => {
    groups.set(state.id, { state, actions: [] })
    const ordinal = drawn.slice(0, index).filter((earlier) => earlier.id === state.id).length
    return seedFrom(context.seed, "actions", iteration, state.id, ordinal)
  })
  const stops = context.format.stops?.(context.tools) ?? []
  const sequences = await context.engine.sample(
    drawn.map((state) => state.promptTokenIds),
    {
      n: options.samples,
      maxTokens: options.maxTokens,
      temperature: 1,
      stopSequences: stops,
      seeds,
      abortSignal: context.abortSignal,
    },
  )
  const tokens = conversationOf(context)
  drawn.forEach((state, index) => {
    for (const { tokenIds, logProbabilities, finishReason } of sequences[index] ?? []) {
      const turn = readTurn(tokens, tokenIds)
      // The token that ends a stop may hold more than the stop.
      const text = cutAtStop(turn.text, stops) ?? turn.text
      const action = context.format.parse({ ...turn, text, finishReason }, context.tools)
      groups.get(state.id)!.actions.push({
        tokenIds,
        logProbabilities,
        text,
        action,
        kind: finishReason === "length" ? "cut-off" : action.kind,
        ...badUnasked(finishReason, action),
      })
    }
  })
  const all = [...groups.values()]
  await judgeGroups(context, all)
  return all
}

/** Text and token ids of the engine's policy, with the tools that the format offers it. */
export function conversationOf({
  engine,
  format,
  tools,
}: Pick<TrainingContext, "engine" | "format" | "tools">): ConversationTokens {
  const { conversation } = engine.languageModel()
  if (!conversation) {
    throw new SwirlError(
      "The engine's language model has no token conversation (`conversation`), so sampled ids cannot be read as actions. Use an engine whose model keeps token ids.",
    )
  }
  return offeringTools(conversation, format.requestTools(tools))
}

/** The verdict on an action before a judge is asked; what is bad by itself is never asked of one. */
export function badUnasked(finishReason: string, action: Action): Pick<SampledAction, "reward" | "verdict" | "reason"> {
  if (finishReason === "length") return { reward: 0, verdict: "bad", reason: "cut off at the token limit" }
  if (action.kind === "malformed") return { reward: 0, verdict: "bad", reason: action.reason }
  return { reward: undefined, verdict: "unscored", reason: "not judged yet" }
}

/** Fills in the verdicts of well-formed actions. */
export async function judgeGroups(context: Pick<TrainingContext, "judge">, groups: readonly Group[]): Promise<void> {
  const requests: JudgeRequest[] = []
  const askedBy: SampledAction[][] = []
  for (const { state, actions } of groups) {
    const equal = new Map<string, SampledAction[]>()
    for (const sample of actions) {
      if (sample.kind === "malformed" || sample.kind === "cut-off") continue
      const key = sample.tokenIds.join(" ")
      equal.set(key, [...(equal.get(key) ?? []), sample])
    }
    for (const samples of equal.values()) {
      const { taskId, benchmark, split } = state.trajectory
      const { text, action } = samples[0]!
      requests.push({
        input: { ...judgeInput(state.trajectory, state.step), action: { text, action } },
        taskId,
        benchmark,
        split,
      })
      askedBy.push(samples)
    }
  }
  const verdicts = requests.length > 0 ? await context.judge(requests) : []
  if (verdicts.length !== requests.length) {
    throw new SwirlError(
      `The judge gave ${verdicts.length} verdicts for ${requests.length} actions. It has to give one for each, "unscored" where it fails.`,
    )
  }
  verdicts.forEach((verdict, index) => {
    for (const sample of askedBy[index]!) {
      sample.verdict = verdict.verdict
      sample.reason = verdict.reason
      sample.reward = rewardOf(verdict)
    }
  })
}
