/** Which samples are shown, and in which order: all of it is in the link. */

import { type Outcome, outcomeOf, outcomes } from "./outcome.ts"
import { cellOf, groupOf, type Run } from "./run.ts"

export const sortNames = [
  "place",
  "outcome",
  "question",
  "answer",
  "policy",
  "cell",
  "steps",
  "bad",
  "reward",
  "tokens",
] as const
export type SortName = (typeof sortNames)[number]

export const stepKinds = ["bad", "disputed", "unscored", "malformed", "tool errors"] as const
type StepKind = (typeof stepKinds)[number]

export interface SampleQuery {
  /** Words that are all in the question, the answers, the error, the key or the policy's name. */
  text: string
  cell?: string
  policy?: string
  stage?: string
  outcome?: Outcome
  /** Has such a step. */
  steps?: StepKind
  sort: SortName
  descending: boolean
}

const oneOf = <Name extends string>(names: readonly Name[], value: string | null): Name | undefined =>
  names.find((name) => name === value)

export function sampleQuery(query: URLSearchParams): SampleQuery {
  const sort = query.get("sort") ?? ""
  return {
    text: query.get("q") ?? "",
    cell: query.get("cell") ?? undefined,
    policy: query.get("policy") ?? undefined,
    stage: query.get("stage") ?? undefined,
    outcome: oneOf(outcomes, query.get("outcome")),
    steps: oneOf(stepKinds, query.get("steps")),
    sort: oneOf(sortNames, sort.replace(/^-/, "")) ?? "place",
    descending: sort.startsWith("-"),
  }
}

/** Numbers of the samples that are shown, in order. `until`: of how many there are so far. */
export function matching(run: Run, query: SampleQuery, until = run.samples.count): Uint32Array {
  const { samples } = run
  const groups = run.summary.groups.map(
    (group) =>
      (query.cell === undefined || cellOf(run, group) === query.cell) &&
      (query.policy === undefined || group.label === query.policy) &&
      (query.stage === undefined || group.stage === query.stage),
  )
  const hasText = textSearch(run, query.text)
  const hasSteps = query.steps && stepCounts(run, query.steps)
  const found = new Uint32Array(until)
  let length = 0
  for (let sample = 0; sample < until; sample++) {
    if (!groups[samples.group[sample]!]) continue
    if (query.outcome && outcomeOf(samples, sample) !== query.outcome) continue
    if (hasSteps && hasSteps[sample] === 0) continue
    if (!hasText(sample)) continue
    found[length++] = sample
  }
  return sorted(run, found.subarray(0, length), query)
}

const stepCounts = ({ samples }: Run, kind: StepKind): Int32Array =>
  kind === "tool errors" ? samples.toolErrors : samples[kind]

let lowered: { run: Run; questions: string[] } | undefined

function textSearch(run: Run, text: string): (sample: number) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return () => true
  const { samples, questions, summary } = run
  if (lowered?.run !== run) lowered = { run, questions: [] }
  const { questions: known } = lowered
  const question = (number: number): string => {
    known[number] ??=
      `${questions.text[number]} ${questions.task[number]} ${questions.reference[number] ?? ""}`.toLowerCase()
    return known[number]
  }
  const labels = summary.groups.map((group) => `${group.label} ${cellOf(run, group)}`.toLowerCase())
  return (sample) =>
    words.every(
      (word) =>
        question(samples.question[sample]!).includes(word) ||
        samples.key[sample]!.toLowerCase().includes(word) ||
        (samples.answer[sample]?.toLowerCase().includes(word) ?? false) ||
        (samples.error[sample]?.toLowerCase().includes(word) ?? false) ||
        labels[samples.group[sample]!]!.includes(word),
    )
}

/** What has no value comes last, whatever the direction; equals stay in their order. */
function sorted(run: Run, found: Uint32Array, { sort, descending }: SampleQuery): Uint32Array {
  if (sort === "place") return descending ? found.reverse() : found
  const rank = ranking(run, sort, found)
  const sign = descending ? -1 : 1
  return found.sort((a, b) => {
    const [x, y] = [rank(a), rank(b)]
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b
    return sign * (x - y) || a - b
  })
}

function ranking(run: Run, sort: SortName, found: Uint32Array): (sample: number) => number {
  const { samples, questions, summary } = run
  switch (sort) {
    case "outcome":
      return (sample) => outcomes.indexOf(outcomeOf(samples, sample))
    case "question":
      return places(found, (sample) => questions.text[samples.question[sample]!]!)
    case "answer":
      return places(found, (sample) => samples.answer[sample] ?? undefined)
    case "policy":
      return places(found, (sample) => groupOf(run, sample).label)
    case "cell":
      return places(found, (sample) => cellOf(run, groupOf(run, sample)))
    case "tokens":
      return (sample) => samples.inputTokens[sample]! + samples.outputTokens[sample]!
    case "steps":
    case "bad":
    case "reward": {
      const values = samples[sort]
      return (sample) => values[sample]!
    }
    default:
      return () => summary.groups.length
  }
}

/** Texts are put in order once, each of them: comparing two of them at every turn of a sort is what takes time. */
function places(found: Uint32Array, textOf: (sample: number) => string | undefined): (sample: number) => number {
  const texts = new Set<string>()
  for (const sample of found) {
    const text = textOf(sample)
    if (text !== undefined) texts.add(text)
  }
  const collator = new Intl.Collator("en", { numeric: true })
  const order = new Map([...texts].sort(collator.compare).map((text, place) => [text, place]))
  return (sample) => order.get(textOf(sample) ?? "") ?? Number.NaN
}
