/** Judges side by side on the same trajectories, as a table and as `--json` spells it. */
import { interval, percent } from "@swirl-ts/report"
import type { ComparedJudge } from "@swirl-ts/stages"
import type { Estimate } from "@swirl-ts/stats"
import { lowHigh } from "./low-high.ts"
import { table } from "./table.ts"

export const comparedDocument = ({ precision, recall, unscored, ...rest }: ComparedJudge) => ({
  ...rest,
  precision: precision && lowHigh(precision),
  recall: recall && lowHigh(recall),
  unscored: lowHigh(unscored),
})

const share = (estimate: Estimate | undefined): string =>
  estimate ? `${percent(estimate.value)} % (${interval(estimate.ci, percent)})` : "–"

export function comparedLines(compared: readonly ComparedJudge[]): string[] {
  const byBenchmark = Map.groupBy(compared, ({ benchmark }) => benchmark)
  return [...byBenchmark].flatMap(([benchmark, rows]) => {
    const { trajectories, questions, right } = rows[0]!
    return [
      `${benchmark}: ${trajectories} trajectories of ${questions} questions, ${right} right by the official score; with 95 % intervals over questions`,
      ...table([
        ["judge", "kept", "right of the kept", "kept of the right", "unscored"],
        ...rows.map((row) => [
          nameOf(row),
          String(row.kept),
          share(row.precision),
          share(row.recall),
          share(row.unscored),
        ]),
      ]),
    ]
  })
}

const nameOf = ({ judge, settings, oracle }: ComparedJudge): string =>
  [judge, ...Object.entries(settings).map(([name, value]) => `${name} ${value}`), ...(oracle ? ["(oracle)"] : [])].join(
    " ",
  )
