import { exportFormats, exportRun } from "@swirl-ts/formats"
import { selectionJudges } from "../options/requests.ts"
import { dataOptions, judgeModelOptions, outcomeOptions, runOptions, stepJudge } from "../options/tables.ts"
import { idList, path, positive, share } from "../options/values.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "export",
  description: "the run's trajectories as the files of another tool: TRL, verl, Inspect, Hugging Face datasets, …",
  options: {
    format: {
      value: "<format>",
      help: "which tool's",
      choices: exportFormats.map(({ name }) => name),
      required: true,
    },
    out: {
      value: "<path>",
      help: "file or folder; its ending says whether a table is .jsonl or .parquet",
      parse: path,
      required: true,
    },
    evaluation: {
      value: "<policy>",
      help: "evaluated trajectories in place of generated ones: the name of a folder under eval/, or its beginning",
    },
    strategy: {
      value: "<filter>",
      help: "none, process, outcome or process+outcome (default: process for sets of states and actions to train on, none for others)",
    },
    judge: { ...stepJudge, help: "whose verdicts count, and are written where the format has a place for them" },
    noise: { value: "<share>", help: "the noise that the steps were judged with", parse: share },
    benchmark: { value: "<name>", help: "only trajectories of this one" },
    split: { value: "<name>", help: "only trajectories of this one" },
    ids: { value: "<list>", help: "only these task ids, separated by commas", parse: idList },
    limit: { value: "<n>", help: "first n trajectories that are kept", parse: positive },
    ...outcomeOptions,
    ...dataOptions,
    ...runOptions,
    ...judgeModelOptions,
  },
  run(context, given) {
    const { format, out, evaluation, strategy, benchmark, split, ids, limit } = given
    const selected = { evaluation, strategy, benchmark, split, ids, limit }
    return exportRun(context, { format, out, ...selected, ...selectionJudges(context, given) })
  },
  text: ({ format, out, files, rows, trajectories, selection, notHeld, leftOut, licenses }) => [
    `${format}: ${rows} rows of ${trajectories.kept} trajectories, of ${trajectories.total} (strategy ${selection.strategy})`,
    ...(trajectories.unscored > 0 ? [`${trajectories.unscored} were dropped for want of a verdict or a score`] : []),
    ...Object.entries(leftOut).map(([why, count]) => `left out: ${count} ${why}`),
    ...Object.entries(notHeld).map(([field, count]) => `no place for ${field}: ${count}`),
    ...Object.entries(licenses).map(([benchmark, license]) => `licence of ${benchmark}: ${license ?? "not stated"}`),
    `${out}${files.length > 1 ? `: ${files.length} files` : ""}`,
  ],
})
