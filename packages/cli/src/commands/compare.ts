import { SwirlError } from "@swirl-ts/core"
import { compareEvaluations } from "@swirl-ts/stages"
import type { Command } from "commander"
import { type CommonOptions, openApp, withCommonOptions } from "../app.ts"
import { table } from "../table.ts"

const points = (value: number): string => `${value >= 0 ? "+" : "−"}${Math.abs(100 * value).toFixed(1)}`

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
          (100 * base.accuracy).toFixed(1),
          (100 * result.accuracy).toFixed(1),
          points(result.change.value),
          `${points(result.change.ci[0])} to ${points(result.change.ci[1])}`,
          result.change.p.toPrecision(2),
          String(result.n),
        ]),
      ]),
    )
  })
}
