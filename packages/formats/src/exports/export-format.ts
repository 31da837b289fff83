/**
 * What an export format is: a pure function from judged trajectories, one after another, to what another tool reads. It holds no
 * more than it has to; what it cannot hold is named, and counted for every export.
 */
import type { ExportItem } from "./export-item.ts"
import type { Field } from "./fields.ts"

/** Facts of the export that stand in files beside every row. */
export interface ExportFacts {
  /** When the run folder was made, ISO 8601: the same records give the same files, whenever they are exported. */
  createdAt: string
  runId: string
  swirlVersion: string
  gitRevision?: string
}

/** What was not written and why: a reason in words, how often. */
export interface LeftOut {
  leaveOut(why: string, count?: number): void
}

export interface WrittenFile {
  /** Beneath the destination; "" where that is the file. */
  name: string
  rows: number
}

export interface ExportFormat {
  name: string
  description: string
  /** The file's ending decides between those of `endings`, or the destination is a folder. */
  destination: { endings: readonly string[] } | "folder"
  /** The filter that it goes by unless told otherwise: of what is trained on as it stands, the paper's. */
  strategy: "none" | "process"
  /** It cannot be made without verdicts on steps. */
  needsVerdicts?: true
  /** It has a place for reference answers or scores: the benchmark's data are read. */
  needsTasks?: true
  /** What of a trajectory it has no place for. */
  notHeld: readonly Field[]
  /** Writes to `path`, which is not there yet, in the order of the items. */
  write(
    items: AsyncIterable<ExportItem>,
    to: { path: string; ending: string; facts: ExportFacts },
    leftOut: LeftOut,
  ): Promise<WrittenFile[]>
}
