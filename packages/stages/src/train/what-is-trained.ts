/** What the kept trajectories have in common: their one action format, and the benchmarks that they are of. */
import { type ActionFormat, type Benchmark, SwirlError } from "@swirl-ts/core"
import type { StageContext } from "../context.ts"
import { openFormat } from "../open-format.ts"
import type { TrainingSelection } from "./training-selection.ts"
import type { TrainRequest } from "./training-stage.ts"

/** Throws where nothing was kept, and for several formats. */
export function whatIsTrained(
  { registry }: StageContext,
  { strategy }: Pick<TrainRequest, "strategy">,
  { kept, total }: TrainingSelection,
): { format: ActionFormat; benchmarks: Benchmark[] } {
  if (kept.length === 0) {
    throw new SwirlError(
      `The filter ${strategy} kept none of ${total} trajectories, so there is nothing to train on. Generate more: swirl generate --until-kept`,
    )
  }
  const formats = [...new Set(kept.map((trajectory) => trajectory.actionFormat))]
  if (formats.length > 1)
    throw new SwirlError(`The kept trajectories are in several action formats: ${formats.join(", ")}. Train on one.`)
  const names = [...new Set(kept.map((trajectory) => trajectory.benchmark))]
  return {
    format: openFormat(registry, formats[0]!),
    benchmarks: names.map((name) => registry.resolve("benchmarks", name).value as Benchmark),
  }
}
