/** How a policy answered, beside whether it was right: over the trajectories of a cell's questions that did not end in an error. */
import { type CellResult, needsJudge, TrajectorySchema, tokensOf } from "@swirl-ts/core"
import { mean } from "@swirl-ts/stats"
import { readRecords, runPaths } from "@swirl-ts/store"
import type { ExperimentCell } from "./cells.ts"

type Protocol = NonNullable<CellResult["protocol"]>

/** Undefined where there is no trajectory. `folder`: the run folder. */
export async function protocolOf(
  folder: string,
  policy: string,
  { benchmark, split, temperature }: ExperimentCell,
  taskIds: ReadonlySet<string>,
): Promise<Protocol | undefined> {
  const { trajectories: path } = runPaths(folder).evaluation(policy, benchmark, temperature)
  const answered: number[] = []
  const wellFormed: number[] = []
  const firstWellFormed: number[] = []
  const tokens: number[] = []
  for await (const { split: of, taskId, status, steps, usage } of readRecords(path, TrajectorySchema)) {
    if (of !== split || !taskIds.has(taskId) || status === "error") continue
    const forms = steps.map((step) => (needsJudge(step) ? 1 : 0))
    answered.push(status === "answered" ? 1 : 0)
    wellFormed.push(...forms)
    firstWellFormed.push(...forms.slice(0, 1))
    tokens.push(tokensOf(usage).outputTokens)
  }
  if (answered.length === 0 || wellFormed.length === 0) return undefined
  return {
    trajectories: answered.length,
    steps: wellFormed.length,
    answered: mean(answered),
    wellFormed: mean(wellFormed),
    firstWellFormed: mean(firstWellFormed),
    tokens: mean(tokens),
  }
}
