import { SwirlError } from "@swirl-ts/core"
import { interval, percent } from "@swirl-ts/report"
import {
  type BenchmarkCalibration,
  type Calibration,
  calibrateJudge,
  calibrateOnLabels,
  judge,
  labelsOf,
  readTrajectories,
  type StageContext,
} from "@swirl-ts/stages"
import type { Rate } from "@swirl-ts/stats"
import { type Command, Option } from "commander"
import { type CommonOptions, dataOption, openApp, share, withCommonOptions, withRunOptions } from "../app.ts"
import { type JudgeModelOptions, judgeModelOptions, judgeName, withJudgeModelOptions } from "../judge-options.ts"
import { lowHigh } from "../low-high.ts"
import { oraclesOf } from "../oracles.ts"
import { table } from "../table.ts"

interface JudgeCommandOptions extends CommonOptions, JudgeModelOptions {
  judge?: string
  noise?: number
  calibrate?: string | true
}

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

export function registerJudge(program: Command): void {
  withJudgeModelOptions(
    withRunOptions(
      withCommonOptions(
        program
          .command("judge")
          .description("a verdict for every step of the run's trajectories; run again to continue")
          .addOption(
            new Option("--judge <name>", "judges and oracle judges: swirl list (default: grounded)").env("SWIRL_JUDGE"),
          )
          .addOption(new Option("--noise <share>", "flip this share of verdicts, to study judges").argParser(share))
          .addOption(
            new Option(
              "--calibrate [oracle or file]",
              "compare on the same steps: with an oracle judge (default: those of the benchmarks), or with labels { trajectoryId, step, verdict } in a JSON Lines file",
            ),
          )
          .addOption(dataOption()),
      ),
    ),
  ).action(async (options: JudgeCommandOptions) => {
    const { context, registry, output, stepJudge } = await openApp(options)
    const request = {
      judge: judgeName(options, stepJudge),
      options: { ...judgeModelOptions(options), ...(options.noise === undefined ? {} : { noise: options.noise }) },
    }
    // Found before the judge is paid for: an oracle that is missing and a wrong file would only be seen afterwards.
    const oracles = options.calibrate === true ? await oraclesHere(context) : []
    const named = typeof options.calibrate === "string" ? options.calibrate : undefined
    if (named !== undefined && registry.has("oracles", named)) oracles.push(named)
    const labels = named !== undefined && oracles.length === 0 ? await labelsOf(context, named) : undefined
    const against = named ?? oracles.join(" and ")
    const result = await judge(context, request)
    const lines = [
      `${result.judge}${result.oracle ? " (oracle: knows the task)" : ""}: ${result.judged} steps judged now, ${result.skipped} were judged before`,
      `${result.good} good, ${result.bad} bad, ${result.unscored} unscored${result.skipped > 0 ? ", of those judged now" : ""}`,
      ...Object.entries(result.unscoredReasons).map(([reason, count]) => `  unscored: ${count} x ${reason}`),
    ]
    if (!against) {
      output.result(result, lines)
    } else {
      const calibrations = labels ? await calibrateOnLabels(context, { ...request, labels }) : []
      for (const oracle of oracles) calibrations.push(...(await calibrateJudge(context, { ...request, oracle })))
      const compared = calibrations.some(({ calibration }) => calibration)
      if (!compared) process.exitCode = 3
      const elsewhere = labels?.elsewhere ?? 0
      output.result(
        { ...result, calibration: calibrations.map(spelled), ...(labels ? { labelsElsewhere: elsewhere } : {}) },
        [
          ...lines,
          ...(compared
            ? [`against ${against}, with 95 % intervals; positive is good: a false positive is a bad step called good`]
            : [`against ${against}: no step could be compared`]),
          ...table([
            ...(compared ? [["benchmark", "steps", "agreement", "false positives", "false negatives", "kappa"]] : []),
            ...calibrations.flatMap(({ benchmark, calibration: c }) =>
              c
                ? [
                    [
                      benchmark,
                      String(c.n),
                      rate(c.agreement),
                      rate(c.falsePositiveRate),
                      rate(c.falseNegativeRate),
                      kappa(c),
                    ],
                  ]
                : [],
            ),
          ]),
          ...calibrations.map(({ benchmark, calibration: c, problem, notAsked }) =>
            c
              ? `${benchmark}: left out: ${c.unscored} unscored, ${notAsked} malformed or cut off (no judge is asked), ${c.unmatched} that only one of the two has`
              : `${benchmark}: ${problem} (${notAsked} malformed or cut off steps are left out: no judge is asked)`,
          ),
          ...(elsewhere > 0 ? [`${elsewhere} labels are about trajectories that are not in ${context.directory}`] : []),
        ],
      )
    }
    if (result.unscored > 0) process.exitCode = 3
  })
}

async function oraclesHere({ directory, registry }: StageContext): Promise<string[]> {
  const benchmarks = new Set((await readTrajectories(directory)).map(({ benchmark }) => benchmark))
  const oracles = oraclesOf(registry, benchmarks)
  if (oracles.length > 0) return oracles
  throw new SwirlError(
    `No oracle judge knows ${[...benchmarks].join(" or ")}. Name one, or a file of labels: --calibrate <oracle or file>`,
    { kind: "usage" },
  )
}
