/**
 * A model that says again what was said in a recorded run: `replay:<run folder>`. A conversation is known by its first prompt
 * and by what was answered in it so far; its own seed tells one sample of a question from another. What nobody has recorded
 * is an error of that conversation, in a sentence, never another answer.
 */
import {
  ContextOverflowError,
  contentHash,
  type GenerateOptions,
  type GenerateResult,
  type LanguageModel,
  type ModelProvider,
  type Prompt,
  SwirlError,
  seedFrom,
} from "@swirl-ts/core"
import { type RecordedConversation, recordedTurn, wasAnsweredSo } from "./recorded-conversation.ts"
import { readRecording, recordingAt } from "./recording.ts"

export const replayProvider: ModelProvider = {
  description:
    "what was said in a recorded run: replay:<run folder, its folder eval/<policy>, or a file of trajectories>",
  async open(reference, _options, host) {
    const recording = await readRecording(reference, host)
    return {
      model: replayModel(recording, reference),
      identity: contentHash(recording.map(({ id, steps }) => [id, steps])),
      identityIsDigest: true,
    }
  },
  async check(reference, host) {
    await recordingAt(reference, host)
  },
}

/** `name`: where the recording is, for what is said of it. */
export function replayModel(recording: readonly RecordedConversation[], name: string): LanguageModel {
  const byPrompt = Map.groupBy(recording, ({ promptHash }) => promptHash)
  const lengths = [...new Set(recording.map(({ promptLength }) => promptLength))].sort((a, b) => b - a)
  return {
    specificationVersion: "v3",
    provider: "replay",
    modelId: name,
    async doGenerate(asked): Promise<GenerateResult> {
      asked.abortSignal?.throwIfAborted()
      for (const length of lengths) {
        const begun = byPrompt.get(contentHash(asked.prompt.slice(0, length)))
        if (begun) return answer(begun, asked, asked.prompt.slice(length), name)
      }
      throw new SwirlError(
        `${name} has no conversation that begins like this one: another question, prompt, action format or worked examples. Replay with the settings of the run that was recorded.`,
      )
    },
  }
}

function answer(
  begun: readonly RecordedConversation[],
  { seed, tools = [] }: GenerateOptions,
  since: Prompt,
  name: string,
): GenerateResult {
  const step = since.filter(({ role }) => role === "assistant").length
  const own = begun.filter((each) => seedFrom(each.seed, each.taskId, each.epoch, step) === seed)
  const told = (own.length > 0 ? own : begun).filter((each) => wasAnsweredSo(each, since))
  const [first] = told
  const where = `${begun[0]!.taskId}, step ${step + 1}`
  if (!first)
    throw new SwirlError(
      `${name}, ${where}: what was answered so far (by tools, or to a turn that could not be read) is not what was answered when it was recorded, so nothing is known of what follows. Replay the tools, too: --replay-tools ${name}`,
    )
  const turns = new Map(told.map((each) => [contentHash(each.steps[step] ?? null), each]))
  if (turns.size > 1)
    throw new SwirlError(
      `${name}, ${where}: ${turns.size} different turns are recorded, and the seed tells none of them apart. Replay with the seed and the epochs of the run that was recorded (--seed ${first.seed}), or name one of its files.`,
    )
  if (first.steps[step]) return recordedTurn(first, step, tools.length > 0)
  // Where the runner counts tokens otherwise than it did, the conversation still ends where it ended.
  if (first.status === "token-limit")
    throw new ContextOverflowError("the recorded conversation ended here at its limit")
  const end = first.error === undefined ? "" : `: ${first.error}`
  throw new SwirlError(
    `${name}, ${where}: the recorded conversation ended before (${first.status}${end}). Nothing is known of what follows.`,
  )
}
