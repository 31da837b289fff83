/** The table of a record: a row a prompt, shares in per cent and means, each with its 95 % interval over questions. */
import { clusteredMeanInterval, type Estimate, meanInterval, wilsonInterval } from "@swirl-ts/stats"
import type { AskedOnce, MeasuredPrompt, PromptRecord } from "./record.ts"

type Shown = Pick<Estimate, "value"> & Partial<Pick<Estimate, "ci">>

interface Column {
  head: string
  of(questions: readonly AskedOnce[]): string
}

/** One yes or no a question: Wilson's interval. */
const share = (is: (asked: AskedOnce) => boolean) => (questions: readonly AskedOnce[]) => {
  const successes = questions.filter(is).length
  return percent({ value: successes / questions.length, ci: wilsonInterval(successes, questions.length) })
}

/** Of the steps of all questions; the questions are the sample. */
const ofSteps = (count: (asked: AskedOnce) => number) => (questions: readonly AskedOnce[]) => {
  const steps = questions.flatMap((asked) =>
    Array.from({ length: asked.steps }, (_, index) => ({ id: asked.id, value: index < count(asked) ? 1 : 0 })),
  )
  const values = steps.map(({ value }) => value)
  return percent(
    estimate(values, () =>
      clusteredMeanInterval(
        values,
        steps.map(({ id }) => id),
      ),
    ),
  )
}

const meanOf =
  (value: (asked: AskedOnce) => number | undefined, show: (estimate: Shown) => string) =>
  (questions: readonly AskedOnce[]) => {
    const values = questions.flatMap((asked) => value(asked) ?? [])
    return values.length === 0 ? "–" : show(estimate(values, () => meanInterval(values)))
  }

/** Where all are equal, or there is one alone, no spread says how sure the mean is. */
function estimate(values: readonly number[], interval: () => Estimate): Shown {
  const isSame = values.every((value) => value === values[0])
  return isSame ? { value: values[0] ?? 0 } : interval()
}

const shown =
  (digits: number, factor: number) =>
  ({ value, ci }: Shown): string => {
    const text = (each: number): string => (factor * each).toFixed(digits)
    return ci ? `${text(value)} (${text(ci[0])} to ${text(ci[1])})` : text(value)
  }
const percent = shown(1, 100)

const columns: readonly Column[] = [
  { head: "n", of: ({ length }) => String(length) },
  { head: "first step well formed", of: share(({ firstWellFormed }) => firstWellFormed) },
  { head: "steps well formed", of: ofSteps(({ wellFormed }) => wellFormed) },
  { head: "steps cut off", of: ofSteps(({ cutOff }) => cutOff) },
  { head: "answered", of: share(({ answered }) => answered) },
  { head: "score", of: meanOf(({ score }) => score, percent) },
  { head: "gold-step recall", of: meanOf(({ goldStepRecall }) => goldStepRecall, percent) },
  { head: "steps", of: meanOf(({ steps }) => steps, shown(1, 1)) },
  { head: "sampled tokens", of: meanOf(({ outputTokens }) => outputTokens, shown(0, 1)) },
]

export function promptTable({ benchmark, split, model, flags, measured, rows }: PromptRecord): string[] {
  const metrics = [...new Set(rows.map(({ metric }) => metric))].join(", ")
  return [
    `${model} on ${benchmark}/${split}${flags.length > 0 ? ` (${flags.join(" ")})` : ""}, ${measured.date}, ${measured.machine}`,
    `Per cent; 95 % intervals over questions. Score: ${metrics}. Tokens are a question's.`,
    "",
    `| prompt | ${columns.map(({ head }) => head).join(" | ")} |`,
    `|${"-|".repeat(columns.length + 1)}`,
    ...rows.map(rowText),
  ]
}

const rowText = ({ name, questions }: MeasuredPrompt): string =>
  `| ${name} | ${columns.map(({ of }) => (questions.length === 0 ? "–" : of(questions))).join(" | ")} |`
