/** What trajectories have on record that a format may have no place for, by name, and how often a trajectory has it. */
import type { Step } from "@swirl-ts/core"
import type { ExportItem } from "./export-item.ts"

const ofSteps =
  (has: (step: Step) => boolean) =>
  ({ trajectory }: ExportItem): number =>
    trajectory.steps.filter(has).length

const ofVerdicts =
  (has: (verdict: NonNullable<ExportItem["verdicts"][number]>) => boolean) =>
  ({ verdicts }: ExportItem): number =>
    verdicts.filter((verdict) => verdict !== undefined && has(verdict)).length

const counts = {
  "steps.tokenIds": ofSteps(({ tokenIds }) => tokenIds !== undefined),
  "steps.logProbabilities": ofSteps(({ logProbabilities }) => logProbabilities !== undefined),
  "steps.reasoning": ofSteps(({ reasoning = [] }) => reasoning.length > 0),
  "steps.providerMetadata": ofSteps(
    ({ providerMetadata, call }) => providerMetadata !== undefined || call?.providerMetadata !== undefined,
  ),
  "steps.malformed": ofSteps(({ malformed }) => malformed !== undefined),
  "steps.finishReason": ofSteps(({ finishReason }) => finishReason !== "stop"),
  "steps.observation.isError": ofSteps(({ observation }) => observation?.isError === true),
  "steps.observation.nothingFound": ofSteps(({ observation }) => observation?.nothingFound === true),
  verdict: ofVerdicts(() => true),
  "verdict.score": ofVerdicts(({ score }) => score !== undefined),
  "verdict.reason": ofVerdicts(({ reason }) => reason !== ""),
  usage: () => 1,
  error: ({ trajectory }: ExportItem) => (trajectory.error === undefined ? 0 : 1),
  /** Answers that count as right beside the official one. */
  acceptedAnswers: ({ references = [] }: ExportItem) => Math.max(0, references.length - 1),
  score: ({ score }: ExportItem) => (score ? 1 : 0),
} as const

export type Field = keyof typeof counts

/** Adds what an item has of them. */
export function countFields(fields: readonly Field[], item: ExportItem, into: Partial<Record<Field, number>>): void {
  for (const field of fields) {
    const count = counts[field](item)
    if (count > 0) into[field] = (into[field] ?? 0) + count
  }
}

/** What only the model that was sampled from has a use for. */
export const samplingNotHeld = [
  "steps.tokenIds",
  "steps.logProbabilities",
  "steps.reasoning",
  "steps.providerMetadata",
] as const
