/** All samples and questions as columns: pages are put together as they come, in any order. */
import type { QuestionsPage } from "../../src/viewer/questions-page.ts"
import type { SamplesPage } from "../../src/viewer/samples-page.ts"

export interface SampleColumns {
  count: number
  key: string[]
  group: Int32Array
  question: Int32Array
  epoch: Int32Array
  status: Uint8Array
  scoreStatus: Uint8Array
  finish: Uint8Array
  /** NaN without a score. */
  score: Float64Array
  reward: Float64Array
  steps: Int32Array
  toolCalls: Int32Array
  toolErrors: Int32Array
  malformed: Int32Array
  inputTokens: Float64Array
  outputTokens: Float64Array
  good: Int32Array
  bad: Int32Array
  unscored: Int32Array
  disputed: Int32Array
  kept: Int32Array
  answer: (string | null)[]
  error: (string | null)[]
}

export interface QuestionColumns {
  count: number
  task: string[]
  text: string[]
  reference: (string | null)[]
}

export const sampleColumns = (count: number): SampleColumns => ({
  count,
  key: new Array(count).fill(""),
  group: new Int32Array(count),
  question: new Int32Array(count),
  epoch: new Int32Array(count),
  status: new Uint8Array(count),
  scoreStatus: new Uint8Array(count),
  finish: new Uint8Array(count),
  score: new Float64Array(count).fill(Number.NaN),
  reward: new Float64Array(count).fill(Number.NaN),
  steps: new Int32Array(count),
  toolCalls: new Int32Array(count),
  toolErrors: new Int32Array(count),
  malformed: new Int32Array(count),
  inputTokens: new Float64Array(count),
  outputTokens: new Float64Array(count),
  good: new Int32Array(count),
  bad: new Int32Array(count),
  unscored: new Int32Array(count),
  disputed: new Int32Array(count),
  kept: new Int32Array(count),
  answer: new Array(count).fill(null),
  error: new Array(count).fill(null),
})

export const questionColumns = (count: number): QuestionColumns => ({
  count,
  task: new Array(count).fill(""),
  text: new Array(count).fill(""),
  reference: new Array(count).fill(null),
})

const numbers = ["epoch", "steps", "toolCalls", "toolErrors", "malformed", "inputTokens", "outputTokens"] as const
const verdicts = ["good", "bad", "unscored", "disputed", "kept"] as const
const codes = ["group", "question", "status", "scoreStatus", "finish"] as const

export function addSamples(columns: SampleColumns, page: SamplesPage): void {
  const { start } = page
  for (const name of [...numbers, ...verdicts]) {
    const values = page[name]
    if (values) columns[name].set(values, start)
  }
  for (const name of codes) columns[name].set(page[name], start)
  for (const name of ["score", "reward"] as const)
    page[name]?.forEach((value, index) => {
      columns[name][start + index] = value ?? Number.NaN
    })
  copyTexts(columns.key, page.key, start)
  copyTexts(columns.answer, page.answer, start)
  copyTexts(columns.error, page.error, start)
}

export function addQuestions(columns: QuestionColumns, page: QuestionsPage): void {
  copyTexts(columns.task, page.task, page.start)
  copyTexts(columns.text, page.text, page.start)
  copyTexts(columns.reference, page.reference, page.start)
}

function copyTexts<Text>(to: Text[], from: readonly Text[] | undefined, start: number): void {
  if (from) for (let index = 0; index < from.length; index++) to[start + index] = from[index]!
}
