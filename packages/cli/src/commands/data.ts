import { SwirlError } from "@swirl-ts/core"
import type { Command } from "commander"
import { type CommonOptions, openApp, withCommonOptions } from "../app.ts"

interface DataOptions extends CommonOptions {
  data?: string
}

export function registerData(program: Command): void {
  withCommonOptions(
    program
      .command("data")
      .description("fetch the files of a benchmark, or check those that are there")
      .argument("<benchmark>", "e.g. gsm8k")
      .option("--data <path>", "check this file or folder in place of a download"),
  ).action(async (name: string, options: DataOptions) => {
    const { registry, host, output, abortSignal } = await openApp(options)
    const { value: benchmark, fullName } = registry.resolve("benchmarks", name)
    if (!benchmark.fetch && !options.data) {
      output.result(
        { benchmark: fullName, files: [], splits: {} },
        `${fullName} makes its tasks itself; there is nothing to fetch.`,
      )
      return
    }
    const files = options.data ? [options.data] : (await benchmark.fetch!(host)).files
    const splits: Record<string, number> = {}
    for (const split of benchmark.splits) {
      let count = 0
      try {
        for await (const _task of benchmark.load(split, {
          host,
          ...(options.data ? { dataPath: options.data } : {}),
        })) {
          abortSignal.throwIfAborted()
          count++
        }
      } catch (error) {
        if (!options.data || count > 0) throw error
        output.say(`${split}: ${(error as Error).message}`)
        continue
      }
      splits[split] = count
    }
    if (Object.keys(splits).length === 0)
      throw new SwirlError(`No split of ${fullName} could be read from ${options.data}.`)
    output.result({ benchmark: fullName, license: benchmark.license, files, splits }, [
      ...files,
      ...Object.entries(splits).map(([split, count]) => `${split}: ${count} tasks`),
    ])
  })
}
