import { interval, percent } from "@swirl-ts/report"
import { type BenchmarkCalibration, type Calibration, type JudgedAgainst, judge, judgeAgainst } from "@swirl-ts/stages"
import type { Rate } from "@swirl-ts/stats"
import { judgeOptions } from "../options/requests.ts"
import { dataOptions, judgeModelOptions, runOptions, stepJudge } from "../options/tables.ts"
import { share } from "../options/values.ts"
import { lowHigh } from "../render/low-high.ts"
import { table } from "../render/table.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "judge",
  description: "a verdict for every step of the run's trajectories; run again to continue",
  options: {
    judge: { ...stepJudge, help: "judges and oracle judges: swirl list" },
    noise: { value: "<share>", help: "flip this share of verdicts, to study judges", parse: share },
    calibrate: {
      value: "[oracle or file]",
      help: "compare on the same steps: with an oracle judge (default: those of the benchmarks), or with labels { trajectoryId, step, verdict } in a JSON Lines file",
    },
    ...dataOptions,
    ...runOptions,
    ...judgeModelOptions,
  },
  async run(context, given) {
    const { judge: name, noise, calibrate } = given
    const request = { judge: name, options: { ...judgeOptions(given), ...(noise === undefined ? {} : { noise }) } }
    const against = calibrate === true ? undefined : calibrate
    const result: Pick<JudgedAgainst, "judged"> & Partial<JudgedAgainst> = calibrate
      ? await judgeAgainst(context, { ...request, against })
      : { judged: await judge(context, request) }
    return { ...result, directory: context.directory }
  },
  document: ({ judged, calibration, labelsElsewhere }) => ({
    ...judged,
    calibration: calibration?.map(spelled),
    labelsElsewhere,
  }),
  text: ({ judged, against = "", calibration, labelsElsewhere, directory }) => [
    `${judged.judge}${judged.oracle ? " (oracle: knows the task)" : ""}: ${judged.judged} steps judged now, ${judged.skipped} were judged before`,
    `${judged.good} good, ${judged.bad} bad, ${judged.unscored} unscored${judged.skipped > 0 ? ", of those judged now" : ""}`,
    ...Object.entries(judged.unscoredReasons).map(([reason, count]) => `  unscored: ${count} x ${reason}`),
    ...(calibration ? comparison(calibration, against) : []),
    ...(labelsElsewhere ? [`${labelsElsewhere} labels are about trajectories that are not in ${directory}`] : []),
  ],
  exitCode: ({ judged, calibration }) => (judged.unscored > 0 || (calibration && !isCompared(calibration)) ? 3 : 0),
})

const isCompared = (calibrations: readonly BenchmarkCalibration[]): boolean =>
  calibrations.some(({ calibration }) => calibration)

const rate = (rate: Rate | undefined): string =>
  rate ? `${percent(rate.value)} % (${interval(rate.ci, percent)})` : "–"

const kappa = ({ kappa, kappaInterval }: Calibration): string =>
  kappa === undefined || !kappaInterval
    ? "–"
    : `${kappa.toFixed(2)} (${interval(kappaInterval, (end) => end.toFixed(2))})`

/** A calibration as `--json` spells it. */
function spelled({ calibration, ...rest }: BenchmarkCalibration) {
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

function comparison(calibrations: readonly BenchmarkCalibration[], against: string): string[] {
  const rows = calibrations.flatMap(({ benchmark, calibration: c }) =>
    c ? [[benchmark, String(c.n), ...[c.agreement, c.falsePositiveRate, c.falseNegativeRate].map(rate), kappa(c)]] : [],
  )
  const header = ["benchmark", "steps", "agreement", "false positives", "false negatives", "kappa"]
  return [
    isCompared(calibrations)
      ? `against ${against}, with 95 % intervals; positive is good: a false positive is a bad step called good`
      : `against ${against}: no step could be compared`,
    ...(isCompared(calibrations) ? table([header, ...rows]) : []),
    ...calibrations.map(({ benchmark, calibration: c, problem, notAsked }) =>
      c
        ? `${benchmark}: left out: ${c.unscored} unscored, ${notAsked} malformed or cut off (no judge is asked), ${c.unmatched} that only one of the two has`
        : `${benchmark}: ${problem} (${notAsked} malformed or cut off steps are left out: no judge is asked)`,
    ),
  ]
}
