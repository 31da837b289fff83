import { SwirlError } from "@swirl-ts/core"
import { interval, percent, points } from "@swirl-ts/report"
import { compareEvaluations } from "@swirl-ts/stages"
import type { Command } from "commander"
import { type CommonOptions, openApp, withCommonOptions } from "../app.ts"
import { table } from "../table.ts"

export function registerCompare(program: Command): void {
  withCommonOptions(
    program
      .command("compare")
      .description("two evaluations on the same questions, paired, with intervals")
      .argument("<a>", "folder eval/<policy> of a run, or one of its .jsonl files")
      .argument("<b>", "the same for the other policy"),
  ).action(async (a: string, b: string, options: CommonOptions) => {
    const { registry, context, output } = await openApp(options)
    const cells = await compareEvaluations(registry, a, b, context.seed)
    if (cells.length === 0) throw new SwirlError(`${a} and ${b} share no benchmark and split to compare.`)
    output.result(
      { a, b, cells },
      table([
        ["cell", "a", "b", "change", "95 % interval", "p", "n"],
        ...cells.map(({ cell, base, result }) => [
          cell,
          percent(base.accuracy),
          percent(result.accuracy),
          points(result.change.value),
          interval(result.change.ci, points),
          result.change.p.toPrecision(2),
          String(result.n),
        ]),
      ]),
    )
  })
}
