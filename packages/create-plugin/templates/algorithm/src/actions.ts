/** Fresh actions at recorded states, each with its reward. No tool runs: what is judged is the action alone. */
import {
  type Action,
  type JudgeRequest,
  judgeInput,
  rewardOf,
  SwirlError,
  seedFrom,
  separateThought,
  type TrainingContext,
} from "@swirl-ts/core"
import type { State } from "./states.ts"

export interface FreshAction {
  state: State
  tokenIds: readonly number[]
  action: Action
  text: string
  /** In [0, 1]; undefined where the judge gave no verdict. */
  reward: number | undefined
}

/** Groups in the order of `states`, `samples` actions each. */
export async function freshActions(
  context: TrainingContext,
  states: readonly State[],
  { iteration, samples }: { iteration: number; samples: number },
): Promise<FreshAction[][]> {
  const { engine, format, tools, stepTokens = 256, seed, abortSignal } = context
  const { conversation } = engine.languageModel()
  if (!conversation) throw new SwirlError("The engine's model keeps no token ids, so its actions cannot be read.")
  const sampled = await engine.sample(
    states.map(({ promptTokenIds }) => promptTokenIds),
    {
      n: samples,
      maxTokens: stepTokens,
      temperature: 1,
      seeds: states.map((_, index) => seedFrom(seed, "actions", iteration, index)),
      abortSignal,
    },
  )
  const groups = sampled.map((sequences, index) =>
    sequences.map(({ tokenIds, finishReason }): FreshAction => {
      const { text } = separateThought(conversation.decode(tokenIds))
      const action = format.parse({ text, toolCalls: [], finishReason }, tools)
      // What cannot be read is bad without asking; the rest is judged.
      return { state: states[index]!, tokenIds, action, text, reward: action.kind === "malformed" ? 0 : undefined }
    }),
  )
  const readable = groups.flat().filter(({ action }) => action.kind !== "malformed")
  const verdicts = await context.judge(readable.map(judgeRequest))
  verdicts.forEach((verdict, index) => {
    readable[index]!.reward = rewardOf(verdict)
  })
  return groups
}

function judgeRequest({ state: { trajectory, step }, text, action }: FreshAction): JudgeRequest {
  const { taskId, benchmark, split } = trajectory
  return { input: { ...judgeInput(trajectory, step), action: { text, action } }, taskId, benchmark, split }
}
