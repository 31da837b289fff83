/**
 * How much more probable the gold answer is after each step of fresh episodes than before it: exp of the mean log π of its
 * ids where a turn answers so, as the action format writes it; what opens and closes that turn is given. Of several accepted
 * answers the official one counts.
 */
import {
  type Episode,
  type Prompt,
  SwirlError,
  type TaskReference,
  type TrainingContext,
  taskKey,
} from "@swirl-ts/core"
import { conversationOf } from "./groups.ts"
import type { Row } from "./row.ts"

/** Gold answers of all tasks by question: asked for before anything is generated. */
export async function goldOf(context: TrainingContext, tasks: readonly TaskReference[]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const task of tasks) {
    const [answer] = await context.gold!(task)
    if (answer === undefined) {
      throw new SwirlError(
        `The task ${task.taskId} of ${task.benchmark}/${task.split} has no reference answer. Train on a split whose answers are public.`,
        { kind: "usage" },
      )
    }
    found.set(taskKey(task), answer)
  }
  return found
}

/** Rows with the gain of every step that another one follows; undefined where gold and state go beyond the engine's context. */
export async function withGains(
  context: TrainingContext,
  gold: ReadonlyMap<string, string>,
  episodes: readonly Episode[],
  rows: readonly Row[],
): Promise<Row[]> {
  const { contextSize = Number.POSITIVE_INFINITY } = context.engine
  const answers = new Map(
    episodes.map((episode) => [episode.id, goldTurn(context, episode, gold.get(taskKey(episode))!)]),
  )
  const texts = rows.map(({ promptTokenIds, episodeId }) => ({ promptTokenIds, ...answers.get(episodeId!)! }))
  const fitting = texts.filter(({ promptTokenIds, tokenIds }) => promptTokenIds.length + tokenIds.length <= contextSize)
  const logs = fitting.length > 0 ? await context.engine.logProbabilities(fitting, "current") : []
  const probability = new Map(
    fitting.map((text, index) => {
      const of = logs[index]!.slice(text.from, text.to)
      return [text, Math.exp(of.reduce((sum, value) => sum + value, 0) / of.length)]
    }),
  )
  /** By episode and step, the probability of the gold answer before it. */
  const before = new Map(rows.map((row, index) => [`${row.step} ${row.episodeId}`, probability.get(texts[index]!)]))
  return rows.map((row) => {
    const [now, next] = [row.step, row.step + 1].map((step) => before.get(`${step} ${row.episodeId}`))
    return now === undefined || next === undefined ? row : { ...row, gain: next - now }
  })
}

interface GoldTurn {
  tokenIds: number[]
  /** Where the answer itself stands in it. */
  from: number
  to: number
}

/** The turn that gives the gold answer; what other answers begin and end with, too, is its form. */
function goldTurn(context: TrainingContext, { prompt }: Episode, answer: string): GoldTurn {
  const tokenIds = answerIds(context, prompt, answer)
  const others = ["yes", "0"].map((other) => answerIds(context, prompt, other))
  const shared = (a: readonly number[], b: readonly number[]): number => {
    const differs = a.findIndex((id, index) => id !== b[index])
    return differs < 0 ? a.length : differs
  }
  const from = Math.min(...others.map((other) => shared(tokenIds, other)))
  const close = Math.min(...others.map((other) => shared(tokenIds.toReversed(), other.toReversed())))
  const to = tokenIds.length - close
  return from < to ? { tokenIds, from, to } : { tokenIds, from: 0, to: tokenIds.length }
}

/** Ids of the model's turn that answers so, after a first prompt. */
function answerIds(context: TrainingContext, prompt: Prompt, answer: string): number[] {
  const { format, tools } = context
  const { start } = conversationOf(context)
  const { text, toolCalls } = format.write({ kind: "answer", answer }, tools)
  const asked = start(prompt)
  const answered = start([...prompt, format.turn({ text, toolCalls })], { opensTurn: false })
  if (answered.length > asked.length && asked.every((id, index) => id === answered[index])) {
    return answered.slice(asked.length)
  }
  throw new SwirlError(
    "The chat template writes the model's own turn otherwise than it opens it, so the ids of the reference answer are not known. Give the model another template, or take an algorithm that asks for no probability: mt-grpo, outcome-grpo.",
    { kind: "usage" },
  )
}
