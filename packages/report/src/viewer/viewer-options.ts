/** What a report asks of whoever has the plugins loaded: records say what was done, not how it was put to the model. */
import type { Prompt, Trajectory } from "@swirl-ts/core"
import type { CollectOptions } from "../collect.ts"

export interface ViewerOptions extends Omit<CollectOptions, "samples"> {
  /** The turns that each step added to the conversation, as its action format writes them. Undefined where that is not loaded. */
  turnsOf?(trajectory: Trajectory): readonly Prompt[] | undefined
  /** What counts as right for a question of the records in `directory`, where its data are on this machine. */
  referenceOf?(directory: string, asked: AskedTask): Promise<readonly string[] | undefined>
  /** Texts of the token ids of a policy, by the model string that the records in `directory` have of it. Undefined where it is not on this machine. */
  tokenTextsOf?(directory: string, model: string): Promise<((tokenId: number) => string) | undefined>
  /** Command lines that make it again. */
  commands?: readonly string[]
  /** Said after what the numbers say. */
  notes?: readonly string[]
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
