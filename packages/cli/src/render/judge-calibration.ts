/** A judge's calibration against who knows, as a table and as `--json` spells it. */
import { interval, percent } from "@swirl-ts/report"
import type { BenchmarkCalibration, Calibration } from "@swirl-ts/stages"
import type { Rate } from "@swirl-ts/stats"
import { lowHigh } from "./low-high.ts"
import { table } from "./table.ts"

export const isCompared = (calibrations: readonly BenchmarkCalibration[]): boolean =>
  calibrations.some(({ calibration }) => calibration)

const rate = (rate: Rate | undefined): string =>
  rate ? `${percent(rate.value)} % (${interval(rate.ci, percent)})` : "–"

const kappa = ({ kappa, kappaInterval }: Calibration): string =>
  kappa === undefined || !kappaInterval
    ? "–"
    : `${kappa.toFixed(2)} (${interval(kappaInterval, (end) => end.toFixed(2))})`

export function calibrationDocument({ calibration, ...rest }: BenchmarkCalibration) {
  if (!calibration) return rest
  const { agreement, falsePositiveRate, falseNegativeRate, kappaInterval } = calibration
  return {
    ...rest,
    calibration: {
      ...calibration,
      agreement: lowHigh(agreement),
      falsePositiveRate: falsePositiveRate && lowHigh(falsePositiveRate),
      falseNegativeRate: falseNegativeRate && lowHigh(falseNegativeRate),
      kappaInterval: kappaInterval && { low: kappaInterval[0], high: kappaInterval[1] },
    },
  }
}

/** `ofSeveral`: of more judges than one, which are told apart by their names. */
export function calibrationLines(
  calibrations: readonly BenchmarkCalibration[],
  against: string,
  ofSeveral: boolean,
): string[] {
  const nameOf = (benchmark: string, judge: string): string =>
    ofSeveral ? `${benchmark}, ${judge.split(" ", 1)[0]}` : benchmark
  const rows = calibrations.flatMap(({ benchmark, calibration: c }) =>
    c
      ? [
          [
            nameOf(benchmark, c.judge),
            String(c.n),
            ...[c.agreement, c.falsePositiveRate, c.falseNegativeRate].map(rate),
            kappa(c),
          ],
        ]
      : [],
  )
  const header = ["benchmark", "steps", "agreement", "false positives", "false negatives", "kappa"]
  return [
    isCompared(calibrations)
      ? `against ${against}, with 95 % intervals; positive is good: a false positive is a bad step called good`
      : `against ${against}: no step could be compared`,
    ...(isCompared(calibrations) ? table([header, ...rows]) : []),
    ...calibrations.map(({ benchmark, calibration: c, problem, notAsked }) =>
      c
        ? `${nameOf(benchmark, c.judge)}: left out: ${c.unscored} unscored, ${notAsked} malformed or cut off (no judge is asked), ${c.unmatched} that only one of the two has`
        : `${benchmark}: ${problem} (${notAsked} malformed or cut off steps are left out: no judge is asked)`,
    ),
  ]
}
