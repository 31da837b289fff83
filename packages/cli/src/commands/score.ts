import { readFile } from "node:fs/promises"
import { errorMessage, SwirlError } from "@swirl-ts/core"
import { type Command, Option } from "commander"
import { type CommonOptions, openApp, withCommonOptions } from "../app.ts"

interface ScoreOptions extends CommonOptions {
  gold: string
  predictions: string
  items?: boolean
}

export function registerScore(program: Command): void {
  withCommonOptions(
    program
      .command("score")
      .description("the official scorer of a benchmark on official files")
      .argument("<benchmark>", "e.g. gsm8k")
      .addOption(new Option("--gold <file>", "reference answers, in the official format").makeOptionMandatory())
      .addOption(new Option("--predictions <file>", "predictions, in the official format").makeOptionMandatory())
      .addOption(new Option("--items", "also the metrics of every question, in gold order")),
  ).action(async (name: string, options: ScoreOptions) => {
    const { registry, host, output } = await openApp(options)
    const { value: benchmark, fullName } = registry.resolve("benchmarks", name)
    if (!benchmark.files?.score) throw new SwirlError(`${fullName} has no official files to score.`, { kind: "usage" })
    const report = benchmark.files.score(
      await read(options.gold, "gold"),
      await read(options.predictions, "predictions"),
    )
    const { metrics, items, notes = [] } = report
    for (const note of notes) host.log(`${fullName}: ${note}`)
    output.result(options.items ? { metrics, items } : { metrics }, [
      `${fullName}: ${items.length} questions`,
      ...Object.entries(metrics).map(([metric, value]) => `  ${metric}  ${value}`),
    ])
  })
}

async function read(path: string, what: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new SwirlError(`The ${what} file ${path} cannot be read: ${errorMessage(error)}`, {
      kind: "usage",
      cause: error,
    })
  })
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch (error) {
    throw new SwirlError(
      `The ${what} file ${path} is no UTF-8 text: it is cut inside a character, or encoded otherwise.`,
      {
        cause: error,
      },
    )
  }
}
