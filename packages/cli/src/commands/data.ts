import { checkFiles, writeDerivedFile } from "@swirl-ts/stages"
import { dataOptions } from "../options/tables.ts"
import { path, whole } from "../options/values.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "data",
  description: "fetch the files of a benchmark, or check those that are there",
  arguments: { benchmark: { help: "e.g. gsm8k" } },
  options: {
    ...dataOptions,
    syntheticFull: {
      value: "<file>",
      parse: path,
      help: "write labelled synthetic unanswerable twins, drawn by --seed (musique)",
    },
    split: {
      value: "<name>",
      help: "only this split; twins: the one they are made from (default: the one that eval takes)",
    },
    seed: { value: "<n>", help: "seed of the twins", parse: whole, environment: "SWIRL_SEED", default: 0 },
  },
  run: async (context, { benchmark, split, syntheticFull: file, seed }) =>
    file === undefined
      ? checkFiles(context, { benchmark, split })
      : writeDerivedFile(context, { benchmark, kind: "synthetic-full", file, split, seed }),
  document(result) {
    if ("lines" in result) return result
    const { available, ...document } = result
    return document
  },
  text(result, { seed }) {
    if ("lines" in result)
      return `${result.file}: ${result.lines} SYNTHETIC records from ${result.benchmark}, seed ${seed}`
    const { benchmark, files, splits, available } = result
    return available
      ? `${benchmark} has nothing to download (splits: ${available.join(", ")}). Name a copy of your own with --data.`
      : [...files, ...Object.entries(splits).map(([name, count]) => `${name}: ${count} tasks`)]
  },
})
