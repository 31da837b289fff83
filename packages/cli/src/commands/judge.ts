import { calibrateJudge, judge } from "@swirl-ts/experiment"
import type { Rate } from "@swirl-ts/stats"
import { type Command, Option } from "commander"
import { type CommonOptions, dataOption, decimal, openApp, withCommonOptions, withRunOptions } from "../app.ts"
import { table } from "../table.ts"

interface JudgeCommandOptions extends CommonOptions {
  judge: string
  noise?: number
  calibrate?: string | true
}

const rate = (rate: Rate | undefined): string =>
  rate ? `${(100 * rate.value).toFixed(1)} % (${(100 * rate.low).toFixed(1)} to ${(100 * rate.high).toFixed(1)})` : "–"

export function registerJudge(program: Command): void {
  withRunOptions(
    withCommonOptions(
      program
        .command("judge")
        .description("a verdict for every step of the run's trajectories; run again to continue")
        .addOption(
          new Option("--judge <name>", "judges and oracle judges: swirl list").env("SWIRL_JUDGE").default("grounded"),
        )
        .addOption(new Option("--noise <share>", "flip this share of verdicts, to study judges").argParser(decimal))
        .addOption(new Option("--calibrate [oracle]", "compare with an oracle judge (default: plan) on the same steps"))
        .addOption(dataOption()),
    ),
  ).action(async (options: JudgeCommandOptions) => {
    const { context, output } = await openApp(options)
    const judgeOptions = options.noise === undefined ? {} : { noise: options.noise }
    const result = await judge(context, { judge: options.judge, options: judgeOptions })
    const lines = [
      `${result.judge}${result.oracle ? " (oracle: knows the task)" : ""}: ${result.judged} steps judged, ${result.skipped} were judged before`,
      `${result.good} good, ${result.bad} bad, ${result.unscored} unscored`,
      ...Object.entries(result.unscoredReasons).map(([reason, count]) => `  unscored: ${count} x ${reason}`),
    ]
    if (!options.calibrate) {
      output.result(result, lines)
    } else {
      const oracle = options.calibrate === true ? "plan" : options.calibrate
      const calibrations = await calibrateJudge(context, { judge: options.judge, options: judgeOptions, oracle })
      output.result({ ...result, calibration: calibrations }, [
        ...lines,
        ...table([
          ["benchmark", "steps", "agreement", "false positives", "false negatives"],
          ...calibrations.map(({ benchmark, calibration: c }) => [
            benchmark,
            String(c.n),
            rate(c.agreement),
            rate(c.falsePositiveRate),
            rate(c.falseNegativeRate),
          ]),
        ]),
      ])
    }
    if (result.unscored > 0) process.exitCode = 3
  })
}
