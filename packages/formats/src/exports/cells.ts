/** Of formats whose file is of one policy on one split: what belongs together. */
import { slug, type Trajectory } from "@swirl-ts/core"

export interface ExportCell {
  policy: string
  benchmark: string
  split: string
}

export const cellOf = ({ policy, benchmark, split }: Trajectory): ExportCell => ({ policy, benchmark, split })

export const cellKey = ({ policy, benchmark, split }: ExportCell): string => JSON.stringify([policy, benchmark, split])

/** `bench-sandbox-calc-test`: a name of files, and of tasks in tools that allow no slash. */
export const taskName = ({ benchmark, split }: ExportCell): string => slug(`${benchmark}-${split}`)
