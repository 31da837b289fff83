/** What a launcher is: a job as files, and what starts them on the cluster. */
import type { TrainingJob } from "@swirl-ts/core"
import type { Cluster } from "../cluster.ts"
import type { EngineSettings } from "../engine-settings.ts"

export interface Launch {
  /** Texts by path, in the job's working directory. */
  files: Readonly<Record<string, string>>
  /** Run by a shell in that folder. */
  entrypoint: string
  /** GPUs that the job's own process holds; a trainer that asks Ray for its own needs them free. */
  gpus: number
}

/** Throws a usage error for what the trainer cannot keep. */
export type Launcher = (job: TrainingJob, settings: EngineSettings, cluster: Cluster) => Launch

/** As one word of a shell. */
export const shellWord = (text: string): string =>
  /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`

export const jsonLines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("")
