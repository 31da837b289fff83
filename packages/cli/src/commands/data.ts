import { SwirlError } from "@swirl-ts/core"
import { checkFiles, corpusCoverage, writeDerivedFile } from "@swirl-ts/stages"
import { dataOptions, modelOptions } from "../options/tables.ts"
import { idList, path, positive, whole } from "../options/values.ts"
import { coverageTable } from "../render/coverage-table.ts"
import { lowHigh } from "../render/low-high.ts"
import { defineCommand } from "./command.ts"

/** Of --coverage alone. What is not given is as eval has it, whatever the environment says of other commands. */
const coverageOptions = {
  limit: { value: "<n>", help: "with --coverage: first n questions", parse: positive },
  ids: { value: "<list>", help: "with --coverage: only these task ids, separated by commas", parse: idList },
  k: {
    value: "<n>",
    short: "-k",
    help: "with --coverage: passages that are looked at (default: what the benchmark's search shows in all calls of a trajectory)",
    parse: positive,
  },
  corpus: {
    value: "<name>",
    help: 'with --coverage: a file of {"title", "text"} lines, or a benchmark, in place of the benchmark\'s own corpus',
    parse: path,
  },
  retriever: { value: "<name>", help: "with --coverage: in place of the benchmark's own, e.g. bm25 or lancedb" },
  mode: {
    value: "<mode>",
    help: "with --coverage: what ranks, words, vectors (--embedder), or both",
    choices: ["text", "vector", "hybrid"],
  },
  embedder: { value: "<name>", help: "with --coverage: openai:<model>, transformers:<folder or hub name>" },
} as const

export const command = defineCommand({
  name: "data",
  description: "fetch the files of a benchmark, or check those that are there; and say what its corpus covers",
  arguments: { benchmark: { help: "e.g. gsm8k" } },
  options: {
    ...dataOptions,
    coverage: {
      help: "for how many questions the corpus holds the gold passages, and for how many a search finds them",
    },
    ...coverageOptions,
    baseUrl: {
      ...modelOptions.baseUrl,
      help: "with --coverage: address of an OpenAI-compatible server, of --embedder",
    },
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
  async run(context, { benchmark, split, syntheticFull: file, seed, coverage, ...asked }) {
    if (coverage && file !== undefined)
      throw new SwirlError("--coverage counts and --synthetic-full writes a file: give one of them.", { kind: "usage" })
    if (coverage) return corpusCoverage(context, { ...asked, benchmark, split })
    const name = Object.keys(coverageOptions).find((key) => asked[key as keyof typeof coverageOptions] !== undefined)
    if (name)
      throw new SwirlError(`--${name} is about the coverage of a corpus: give --coverage, too.`, { kind: "usage" })
    return file === undefined
      ? checkFiles(context, { benchmark, split })
      : writeDerivedFile(context, { benchmark, kind: "synthetic-full", file, split, seed })
  },
  document(result) {
    if ("corpora" in result) {
      const { shares, ...counts } = result
      const spelled = Object.entries(shares).map(([name, share]) => [name, share && lowHigh(share)])
      return { ...counts, shares: Object.fromEntries(spelled) }
    }
    if ("lines" in result) return result
    const { available, ...document } = result
    return document
  },
  text(result, { seed }) {
    if ("corpora" in result) return coverageTable(result)
    if ("lines" in result)
      return `${result.file}: ${result.lines} SYNTHETIC records from ${result.benchmark}, seed ${seed}`
    const { benchmark, files, splits, available } = result
    return available
      ? `${benchmark} has nothing to download (splits: ${available.join(", ")}). Name a copy of your own with --data.`
      : [...files, ...Object.entries(splits).map(([name, count]) => `${name}: ${count} tasks`)]
  },
})
