import { SwirlError } from "@swirl-ts/core"
import { dataPathOf } from "@swirl-ts/experiment"
import type { Command } from "commander"
import { type CommonOptions, dataOption, openApp, withCommonOptions } from "../app.ts"

export function registerData(program: Command): void {
  withCommonOptions(
    program
      .command("data")
      .description("fetch the files of a benchmark, or check those that are there")
      .argument("<benchmark>", "e.g. gsm8k")
      .addOption(dataOption()),
  ).action(async (name: string, options: CommonOptions) => {
    const { registry, host, output, context, abortSignal } = await openApp(options)
    const { value: benchmark, fullName } = registry.resolve("benchmarks", name)
    const dataPath = dataPathOf(context, fullName)
    if (!benchmark.fetch && !dataPath) {
      output.result(
        { benchmark: fullName, files: [], splits: {} },
        `${fullName} makes its tasks itself; there is nothing to fetch.`,
      )
      return
    }
    const files = dataPath ? [dataPath] : (await benchmark.fetch!(host)).files
    const splits: Record<string, number> = {}
    for (const split of benchmark.splits) {
      let count = 0
      try {
        for await (const _task of benchmark.load(split, {
          host,
          ...(dataPath ? { dataPath } : {}),
        })) {
          abortSignal.throwIfAborted()
          count++
        }
      } catch (error) {
        if (!dataPath || count > 0) throw error
        output.say(`${split}: ${(error as Error).message}`)
        continue
      }
      splits[split] = count
    }
    if (Object.keys(splits).length === 0)
      throw new SwirlError(`No split of ${fullName} could be read from ${dataPath}.`)
    output.result({ benchmark: fullName, license: benchmark.license, files, splits }, [
      ...files,
      ...Object.entries(splits).map(([split, count]) => `${split}: ${count} tasks`),
    ])
  })
}
