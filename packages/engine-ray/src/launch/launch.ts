/** What a launcher is: a job as files, and what starts them on the cluster. */
import type { TrainingJob } from "@swirl-ts/core"
import type { EngineSettings } from "../engine-settings.ts"

export interface Launch {
  /** Texts by path, in the job's working directory. */
  files: Readonly<Record<string, string>>
  /** Run by a shell in that folder. */
  entrypoint: string
}

/** Throws a usage error for what the trainer cannot keep. */
export type Launcher = (job: TrainingJob, settings: EngineSettings, python: string) => Launch

/** As one word of a shell. */
export const shellWord = (text: string): string =>
  /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`

export const jsonLines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("")
