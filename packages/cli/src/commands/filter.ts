import { filter } from "@swirl-ts/experiment"
import { type Command, Option } from "commander"
import { type CommonOptions, dataOption, decimal, openApp, withCommonOptions, withRunOptions } from "../app.ts"

interface FilterOptions extends CommonOptions {
  strategy: string
  judge: string
  noise?: number
}

export function registerFilter(program: Command): void {
  withRunOptions(
    withCommonOptions(
      program
        .command("filter")
        .description("which trajectories are kept for training")
        .addOption(
          new Option("--strategy <filter>", "none, process, outcome or process+outcome")
            .env("SWIRL_STRATEGY")
            .default("process"),
        )
        .addOption(new Option("--judge <name>", "whose verdicts count").env("SWIRL_JUDGE").default("grounded"))
        .addOption(new Option("--noise <share>", "the noise that the steps were judged with").argParser(decimal))
        .addOption(dataOption()),
    ),
  ).action(async (options: FilterOptions) => {
    const { context, output } = await openApp(options)
    const result = await filter(context, {
      strategy: options.strategy,
      judge: options.judge,
      ...(options.noise === undefined ? {} : { judgeOptions: { noise: options.noise } }),
    })
    output.result(result, [
      `${result.strategy}: ${result.kept} of ${result.total} trajectories kept, ${result.keptRight} of them with the right answer`,
      `${result.dropped} dropped${result.unscored ? `, ${result.unscored} of them for want of a verdict` : ""}`,
    ])
  })
}
