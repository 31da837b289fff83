import { importFiles, importFormats, importInWords } from "@swirl-ts/formats"
import { dataOptions, runOptions } from "../options/tables.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "import",
  description: "logs of other tools as trajectories, to be judged, filtered, compared and trained on; run again to add",
  arguments: { files: { many: true, help: "files, and folders of them" } },
  options: {
    format: { value: "<name>", help: "what they are", choices: importFormats, required: true },
    benchmark: { value: "<name>", help: "match the questions with its tasks, by their text; answers get its score" },
    split: { value: "<name>", help: "of the benchmark: look in this one alone (default: in all)" },
    name: { value: "<name>", help: "of the questions (default: the log's name of its task, or the file's)" },
    scorer: {
      value: "<name>",
      help: "of the log: whose score stands for the others in compare and report (default: the log's first)",
    },
    license: { value: "<name>", help: "of the logs, where they do not say it; it stands in every record" },
    ...dataOptions,
    ...runOptions,
  },
  run: (context, { files, format, benchmark, split, name, scorer, license }) =>
    importFiles(context, { format, paths: files, benchmark, split, name, scorer, license }),
  text: (result) => [...importInWords(result), `go on: swirl judge --judge grounded --run ${result.directory}`],
  exitCode: ({ trajectories }) => (trajectories === 0 ? 3 : 0),
})
