/** Whether the very evaluation that is asked has finished, and what it said (see `askedAgain`). */
import type { OpenModel } from "@swirl-ts/core"
import { relative } from "@swirl-ts/platform"
import type { RunPaths } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import { askedAgain } from "../finished-command.ts"
import { placesOfSeen } from "../leaks/seen-questions.ts"
import type { CellEvaluation, EvaluateRequest } from "./cell-evaluation.ts"

export interface EvaluatedBefore {
  said(): Promise<CellEvaluation[] | undefined>
  /** Where something failed, nothing is noted: it is tried again. */
  note(cells: readonly CellEvaluation[], plans: readonly { paths: ReturnType<RunPaths["evaluation"]> }[]): Promise<void>
}

/** Undefined with outcome judges, which read more than the cells' own files. */
export async function evaluatedBefore(
  context: StageContext,
  requests: readonly EvaluateRequest[],
  { identity }: Pick<OpenModel, "identity">,
): Promise<EvaluatedBefore | undefined> {
  if (requests.some(({ outcomes }) => outcomes)) return undefined
  const finished = await askedAgain<{ cells: CellEvaluation[] }>(context, {
    command: "eval",
    request: requests,
    identity,
    splits: requests.map(({ benchmark, split, prompting }) => ({ benchmark, split, shots: prompting?.shots })),
    files: await placesOfSeen(context, requests[0]!.model),
  })
  return (
    finished && {
      async said() {
        const cells = (await finished.said())?.cells
        for (const { benchmark, split, samples } of cells ?? [])
          context.onProgress?.({
            stage: `eval ${benchmark}/${split}`,
            done: samples,
            total: samples,
            detail: "all were there already",
          })
        return cells
      },
      async note(cells, plans) {
        if (cells.some(({ errors, unscored }) => errors + unscored > 0)) return
        const files = plans.flatMap(({ paths }) => [paths.samples, paths.trajectories, paths.coverage])
        await finished.note(
          { cells: [...cells] },
          files.map((file) => relative(context.directory, file)),
        )
      },
    }
  )
}
