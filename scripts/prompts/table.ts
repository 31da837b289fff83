/** The table of a record: a row a prompt, shares in per cent and means, each with its 95 % interval; the questions are the sample. */
import { type Estimate, meanInterval, scoreInterval } from "@swirl-ts/stats"
import type { AskedOnce, MeasuredPrompt, PromptRecord } from "./record.ts"

interface Column {
  head: string
  of(questions: readonly AskedOnce[]): string
}

/** Of values in [0, 1], some a question. */
const share = (values: (asked: AskedOnce) => readonly number[]) => (questions: readonly AskedOnce[]) => {
  const all = questions.flatMap((asked) => values(asked).map((value) => ({ value, id: asked.id })))
  if (all.length === 0) return "–"
  return shown(
    scoreInterval(
      all.map(({ value }) => value),
      all.map(({ id }) => id),
    ),
    1,
    100,
  )
}

/** One value a step. */
const ofSteps = (count: (asked: AskedOnce) => number) =>
  share((asked) => Array.from({ length: asked.steps }, (_, index) => (index < count(asked) ? 1 : 0)))

/** Of counts. Where all are equal, no spread says how sure the mean is. */
const meanOf = (count: (asked: AskedOnce) => number, digits: number) => (questions: readonly AskedOnce[]) => {
  const values = questions.map(count)
  const isSame = values.every((value) => value === values[0])
  return shown(isSame ? { value: values[0]! } : meanInterval(values), digits, 1)
}

function shown({ value, ci }: Pick<Estimate, "value"> & Partial<Estimate>, digits: number, factor: number): string {
  const text = (each: number): string => (factor * each).toFixed(digits)
  return ci ? `${text(value)} (${text(ci[0])} to ${text(ci[1])})` : text(value)
}

const columns: readonly Column[] = [
  { head: "n", of: ({ length }) => String(length) },
  { head: "first step well formed", of: share(({ firstWellFormed }) => [Number(firstWellFormed)]) },
  { head: "steps well formed", of: ofSteps(({ wellFormed }) => wellFormed) },
  { head: "steps cut off", of: ofSteps(({ cutOff }) => cutOff) },
  { head: "answered", of: share(({ answered }) => [Number(answered)]) },
  { head: "score", of: share(({ score }) => [score]) },
  {
    head: "gold-step recall",
    of: share(({ goldStepRecall }) => (goldStepRecall === undefined ? [] : [goldStepRecall])),
  },
  { head: "steps", of: meanOf(({ steps }) => steps, 1) },
  { head: "sampled tokens", of: meanOf(({ outputTokens }) => outputTokens, 0) },
]

export function promptTable({ benchmark, split, model, flags, measured, rows }: PromptRecord): string[] {
  const metrics = [...new Set(rows.map(({ metric }) => metric))].join(", ")
  return [
    `${model} on ${benchmark}/${split}${flags.length > 0 ? ` (${flags.join(" ")})` : ""}, ${measured.date}, ${measured.machine}`,
    `Per cent; 95 % intervals over questions. Score: ${metrics}. Steps and tokens are a question's.`,
    "",
    `| prompt | ${columns.map(({ head }) => head).join(" | ")} |`,
    `|${"-|".repeat(columns.length + 1)}`,
    ...rows.map(rowText),
  ]
}

const rowText = ({ name, questions }: MeasuredPrompt): string =>
  `| ${name} | ${columns.map(({ of }) => (questions.length === 0 ? "–" : of(questions))).join(" | ")} |`
