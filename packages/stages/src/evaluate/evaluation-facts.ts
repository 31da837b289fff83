/** What `run.json` says of one evaluation: its settings, what its records depend on, and who made them. */
import type { Cell, Maker, RunRecord } from "@swirl-ts/core"
import { basename, resolve } from "@swirl-ts/platform"
import { digestsOf, evaluationStage, type RunSpec, readRun, type Settings } from "@swirl-ts/store"

export interface EvaluationFacts {
  settings: Settings
  digests: Readonly<Record<string, string>>
  /** One after another; none in folders of before they were written. */
  makers: readonly Maker[]
}

/** Undefined where the record does not know the stage. */
export function evaluationFacts(record: RunRecord | undefined, stage: string): EvaluationFacts | undefined {
  const settings = (record?.spec as RunSpec | undefined)?.[stage]
  return record && settings && { settings, digests: digestsOf(record, stage), makers: record.makers?.[stage] ?? [] }
}

/** Of a folder `eval/<policy>` of a run folder, by policy and cell; what lies elsewhere has no facts. */
export async function factsBeside(
  folder: string,
): Promise<(policy: string, cell: Cell) => EvaluationFacts | undefined> {
  const isOfRun = basename(resolve(folder, "..")) === "eval"
  const record = isOfRun ? await readRun(resolve(folder, "../..")) : undefined
  return (policy, cell) => evaluationFacts(record, evaluationStage(policy, cell))
}
