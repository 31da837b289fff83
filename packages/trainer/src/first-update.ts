/**
 * What the first update of a training would be made of: how many actions, at how many states of how many questions, of how
 * many tokens, made more and less likely. Actions are sampled and judged as in the training; nothing is stepped on or written.
 */
import type { TrainingContext } from "@swirl-ts/core"
import type { CreditedBatch } from "./credited-batch.ts"
import { conversationOf } from "./groups.ts"
import type { Row } from "./row.ts"
import type { StepValues } from "./step-values.ts"
import { textTable } from "./text-table.ts"

export interface FirstUpdate {
  algorithm: string
  /** Updates in all. */
  iterations: number
  /** Actions that were drawn, recorded or fresh. */
  rows: number
  /** What would go to the engine; of a policy gradient equal actions of a state are one. */
  trainedRows: number
  states: number
  questions: number
  /** 0 where actions were not executed. */
  episodes: number
  /** Before the actions, a state counted once. */
  contextTokens: number
  actionTokens: number
  trainedTokens: number
  /** Of the rows. */
  advantages: { positive: number; negative: number; zero: number; none: number }
  /** What the step would report of its actions. */
  values: StepValues
  /** The first of them. */
  shown: {
    question: string
    step: number
    kind: string
    text: string
    score?: number
    outcome?: number
    gain?: number
    advantage?: number
  }[]
}

const mostShown = 8

/** `trained`: what would go to the engine. */
export function firstUpdate(
  context: Pick<TrainingContext, "engine" | "format" | "tools">,
  algorithm: string,
  { iterations }: { iterations: number },
  { rows, values, advantages, trained }: CreditedBatch,
): { text: string; data: FirstUpdate } {
  const { decode } = conversationOf(context)
  const states = new Map(rows.map(({ stateId, promptTokenIds }) => [stateId, promptTokenIds.length]))
  const count = (is: (advantage: number | undefined) => boolean): number => advantages.filter(is).length
  const data: FirstUpdate = {
    algorithm,
    iterations,
    rows: rows.length,
    trainedRows: trained.length,
    states: states.size,
    questions: new Set(rows.map(({ questionId }) => questionId)).size,
    // Of a recorded trajectory the action was executed before this training.
    episodes: new Set(rows.flatMap(({ episodeId }) => episodeId ?? [])).size,
    contextTokens: sum([...states.values()]),
    actionTokens: sum(rows.map(({ tokenIds }) => tokenIds.length)),
    trainedTokens: sum(trained.map(({ tokenIds }) => tokenIds.length)),
    advantages: {
      positive: count((advantage) => advantage !== undefined && advantage > 0),
      negative: count((advantage) => advantage !== undefined && advantage < 0),
      zero: count((advantage) => advantage === 0),
      none: count((advantage) => advantage === undefined),
    },
    values,
    shown: rows.slice(0, mostShown).map((row, index) => shown(row, advantages[index], decode(row.tokenIds))),
  }
  return { text: inWords(data), data }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const shown = (
  { questionId, step, kind, score, outcome, gain }: Row,
  advantage: number | undefined,
  text: string,
): FirstUpdate["shown"][number] => ({
  question: (JSON.parse(questionId) as string[]).at(-1)!,
  step,
  kind,
  text,
  score,
  outcome,
  gain,
  advantage,
})

function inWords(data: FirstUpdate): string {
  const { positive, negative, zero, none } = data.advantages
  const rewards = (["score", "outcome", "gain"] as const).filter((name) =>
    data.shown.some((row) => row[name] !== undefined),
  )
  const number = (value: number | undefined): string => (value === undefined ? "-" : String(Number(value.toFixed(4))))
  const body = data.shown.map((row) => [
    row.question,
    String(row.step),
    row.kind,
    ...rewards.map((name) => number(row[name])),
    row.advantage === undefined ? "left out" : number(row.advantage),
    JSON.stringify(row.text.length > 60 ? `${row.text.slice(0, 60)}…` : row.text),
  ])
  return [
    `${data.algorithm}: ${data.iterations} updates. The first is made of ${data.rows} actions at ${data.states} states of ${data.questions} questions${data.episodes > 0 ? `, in ${data.episodes} trajectories` : ""}:`,
    `${data.actionTokens} tokens of actions after ${data.contextTokens} tokens of context, which are never trained.`,
    `Made more likely: ${positive}; less likely: ${negative}; neither: ${zero}; without a reward: ${none}. Rows with a gradient: ${data.trainedRows}, of ${data.trainedTokens} tokens.`,
    ...(data.trainedRows === 0 ? ["There would be no update: no action has a gradient."] : []),
    "",
    textTable(["question", "step", "kind", ...rewards, "advantage", "action"], body),
    ...(data.rows > data.shown.length ? [`… and ${data.rows - data.shown.length} more`] : []),
    "",
    `It would report: ${
      Object.entries(data.values)
        .flatMap(([name, value]) => (typeof value === "number" ? [`${name} ${number(value)}`] : []))
        .join(", ") || "nothing more"
    }`,
  ].join("\n")
}
