import { readFile } from "node:fs/promises"
import { errorMessage, SwirlError } from "@swirl-ts/core"
import { path } from "../options/values.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "score",
  description: "the official scorer of a benchmark on official files",
  arguments: { benchmark: { help: "e.g. gsm8k" } },
  options: {
    gold: { value: "<file>", parse: path, help: "reference answers, in the official format", required: true },
    predictions: { value: "<file>", parse: path, help: "predictions, in the official format", required: true },
    items: { help: "also the metrics of every question, in gold order" },
  },
  async run({ registry, host }, { benchmark: name, gold, predictions }) {
    const { value: benchmark, fullName } = registry.resolve("benchmarks", name)
    if (!benchmark.files?.score) throw new SwirlError(`${fullName} has no official files to score.`, { kind: "usage" })
    const report = benchmark.files.score(await read(gold, "gold"), await read(predictions, "predictions"))
    const { metrics, items, notes = [] } = report
    for (const note of notes) host.log(`${fullName}: ${note}`)
    return { fullName, metrics, items }
  },
  document: ({ metrics, items }, given) => (given.items ? { metrics, items } : { metrics }),
  text: ({ fullName, metrics, items }) => [
    `${fullName}: ${items.length} questions`,
    ...Object.entries(metrics).map(([metric, value]) => `  ${metric}  ${value}`),
  ],
})

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
