/** What a report asks of whoever has the plugins loaded: records say what was done, not how it was put to the model. */
import type { Prompt, Trajectory } from "@swirl-ts/core"

export interface ViewerOptions {
  title?: string
  /** ISO 8601; default: now. */
  createdAt?: string
  /** The primary metric of a benchmark, asked for samples of before they said it. */
  metricOf?(benchmark: string): string | undefined
  /** Whether a judge's identity is that of an oracle, asked for verdicts that do not say they are. */
  isOracle?(judge: string): boolean
  /** The turns that each step added to the conversation, as its action format writes them. Undefined where that is not loaded. */
  turnsOf?(trajectory: Trajectory): readonly Prompt[] | undefined
  /** What counts as right for a question of the records in `directory`, where its data are on this machine. */
  referenceOf?(directory: string, asked: AskedTask): Promise<readonly string[] | undefined>
  /** Texts of the token ids of a policy, by the model string that the records in `directory` have of it. Undefined where it is not on this machine. */
  tokenTextsOf?(directory: string, model: string): Promise<((tokenId: number) => string) | undefined>
  /** Command lines that make it again. */
  commands?: readonly string[]
  /** Said after what the numbers say. */
  remarks?: readonly string[]
  /** How it was made, beside what the records say. */
  provenance?: Readonly<Record<string, string>>
  /** Whether the pages of the build before stay, for who has them open. */
  keepsLast?: boolean
  abortSignal?: AbortSignal
}

interface AskedTask extends Pick<Trajectory, "benchmark" | "split" | "taskId"> {
  /** Absent where only a score is on record. */
  question?: string
  /** `contentHash` of the question. */
  questionHash?: string
}
