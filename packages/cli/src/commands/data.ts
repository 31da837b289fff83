import type { Host } from "@swirl-ts/core"
import { dataPathOf } from "@swirl-ts/stages"
import { type Command, Option } from "commander"
import { type CommonOptions, dataOption, integer, openApp, withCommonOptions } from "../app.ts"
import { checkData } from "../check-data.ts"
import { writeDerived } from "../derived-file.ts"

interface DataOptions extends CommonOptions {
  split?: string
  syntheticFull?: string
}

export function registerData(program: Command): void {
  withCommonOptions(
    program
      .command("data")
      .description("fetch the files of a benchmark, or check those that are there")
      .argument("<benchmark>", "e.g. gsm8k")
      .addOption(dataOption())
      .addOption(
        new Option("--synthetic-full <file>", "write labelled synthetic unanswerable twins, drawn by --seed (musique)"),
      )
      .addOption(
        new Option(
          "--split <name>",
          "only this split; twins: the one they are made from (default: the one that eval takes)",
        ),
      )
      .addOption(new Option("--seed <n>", "seed of the twins (default: 0)").env("SWIRL_SEED").argParser(integer)),
  ).action(async (name: string, options: DataOptions) => {
    const { registry, host: plainHost, output, context, abortSignal } = await openApp(options)
    const { value: benchmark, fullName } = registry.resolve("benchmarks", name)
    const dataPath = dataPathOf(context, fullName)
    // What a benchmark remarks on its files is part of the result.
    const notes: string[] = []
    const note = (line: string): void => {
      notes.push(line)
      plainHost.log(line)
    }
    const host: Host = { ...plainHost, log: note }
    if (options.syntheticFull !== undefined) {
      const written = await writeDerived(
        "synthetic-full",
        { benchmark, fullName, file: options.syntheticFull },
        {
          split: options.split,
          abortSignal,
          load: { host, seed: options.seed ?? 0, dataPath },
        },
      )
      output.result({ ...written, notes }, [
        `${written.file}: ${written.lines} SYNTHETIC records from ${fullName}, seed ${options.seed ?? 0}`,
      ])
      return
    }
    if (!benchmark.files?.fetch && dataPath === undefined && options.split === undefined) {
      output.result(
        { benchmark: fullName, files: [], splits: {} },
        `${fullName} has nothing to download (splits: ${benchmark.splits.join(", ")}). Name a copy of your own with --data.`,
      )
      return
    }
    const { split } = options
    // One split alone is downloaded by being read.
    const fetched =
      dataPath === undefined && split === undefined ? await benchmark.files?.fetch?.(plainHost) : undefined
    const files = fetched?.files ?? (dataPath === undefined ? [] : [dataPath])
    const splits = await checkData({ benchmark, fullName, host, dataPath, split, abortSignal, say: output.say })
    output.result({ benchmark: fullName, license: benchmark.license, files, splits, notes }, [
      ...files,
      ...Object.entries(splits).map(([name, count]) => `${name}: ${count} tasks`),
    ])
  })
}
