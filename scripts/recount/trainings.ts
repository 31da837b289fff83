/** What a row says of its training, from what the training left in its folder. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Evaluation } from "./evaluations.ts"
import { field, isRaw, type Raw, readDocument, readLines } from "./raw.ts"

export interface Training {
  spec: Raw
  /** Full names of the benchmarks that its trajectories are of; like what follows, known of a training that has ended. */
  benchmarks: string[] | undefined
  /** Ids of the trajectories that the filter left. */
  kept: string[] | undefined
  alarms: Raw[] | undefined
  isOracle: boolean
}

/** Undefined for a policy that was only measured. */
export function trainingOf({ folder, row, run }: Evaluation): Training | undefined {
  const spec = field(run, "spec", `train/${row}`)
  if (!isRaw(spec)) return undefined
  const place = join(folder, "train", row)
  const unended = { spec, benchmarks: undefined, kept: undefined, alarms: undefined, isOracle: false }
  if (!existsSync(join(place, "selection.json")) || !existsSync(join(place, "result.json"))) return unended
  const selection = readDocument(join(place, "selection.json"))
  const benchmarks = new Set<string>()
  const kept: string[] = []
  let isOracle = false
  for (const each of selection.folders as { directory: string; selection: Raw }[]) {
    const source = join(folder, each.directory)
    const ids = each.selection.ids as string[]
    kept.push(...ids)
    const generated = readLines(join(source, "trajectories.jsonl"))
    for (const { benchmark } of generated) benchmarks.add(String(benchmark))
    const missing = ids.find((id) => !generated.some((trajectory) => trajectory.id === id))
    if (missing) throw new Error(`${source} has no trajectory ${missing}, which ${row} was trained on`)
    const verdicts = readLines(join(source, "verdicts.jsonl"))
    isOracle ||= verdicts.some(
      ({ judge, oracle }) => oracle === true && String(judge).split(/[/ ]/).includes(String(spec.judge)),
    )
  }
  const alarms = readLines(join(place, "metrics.jsonl")).flatMap(({ step, alarms: raised }) =>
    (Array.isArray(raised) ? (raised as Raw[]) : []).map(({ kind, message }) => ({ step, kind, message })),
  )
  return { spec, benchmarks: [...benchmarks], kept, alarms, isOracle }
}
