/** The page of record files, from their schemas in core: the comments are those of the schemas' fields. */

import type { recordSchemas } from "@swirl-ts/core"
import type { Type } from "typescript"
import { exportedType, programOf, typeText } from "./type-text.ts"

const file = "packages/core/src/records/records.ts"

/** Where a record stands below the run folder, and what it is. */
const places: Record<keyof typeof recordSchemas, string> = {
  "swirl.run/1": "`run.json`: what the run is, settings of each stage, versions, machine",
  "swirl.response/1":
    "`responses.jsonl`: every accepted model response of a trajectory that is not final, on disk before its step goes on",
  "swirl.trajectory/1": "`trajectories.jsonl`, `eval/<policy>/trajectories.jsonl`: one final record a trajectory",
  "swirl.verdict/1": "`verdicts.jsonl`: one a judged step",
  "swirl.served-verdict/1":
    "`served/<judge>/verdicts.jsonl`: one verdict that `swirl judge serve` gave on a fresh action; what had none is there once for each time it was asked",
  "swirl.filter/1": "`filters/<strategy>[-<outcome judge>].json`: which trajectories a filter keeps",
  "swirl.selection/1": "`train/<training>/selection.json`: what a training began with",
  "swirl.training/1": "`train/<training>/training.json`: what a training is",
  "swirl.metric/1": "`train/<training>/metrics.jsonl`: one an optimiser step",
  "swirl.training-job/1":
    "`train/<training>/job.json`: the submissions of a training that a job engine trains elsewhere",
  "swirl.training-result/1": "`train/<training>/result.json`: what a finished training came to",
  "swirl.seen-question/1":
    "`train/<training>/seen.jsonl`, and in its checkpoints: the questions that a policy has seen, those of the trainings before it too",
  "swirl.eval-sample/1": "`eval/<policy>/<benchmark>.jsonl`: exactly one final record a sample",
  "swirl.coverage/1": "`eval/<policy>/coverage.json`: which gold passages the corpus lacks, by question",
  "swirl.round/1": "`train/<training>/rounds/<n>/round.json`: what was sampled for a later round of a training",
  "swirl.candidate-state/1":
    "`train/<training>/rounds/<n>/states.jsonl`: how good first actions at a state were, where a training looks for states to learn at",
  "swirl.attempt/1": "`attempts.jsonl`: records that ended in an error, as they stood before they were tried again",
  "swirl.imported/1": "`imported.jsonl`: what is known of a trajectory that another tool has made, one each",
  "swirl.imports/1": "`imports.json`: which files were imported, and the tools that their models were offered",
  "swirl.matrix/1": "`matrix.json`: trainings against cells, with intervals",
  "swirl.measurement/1": "`base/measured.json`: how long the first questions took, for `swirl matrix --plan`",
}

export function recordsPage(): string {
  const types = programOf([file])
  const { type } = exportedType(types, file, "recordSchemas")
  const { checker } = types
  const sections = Object.entries(places).flatMap(([name, place]) => {
    const field = (inside: Type, of: string): Type => checker.getTypeOfSymbol(checker.getPropertyOfType(inside, of)!)
    const output = field(field(field(type, name), "_zod"), "output")
    return ["", `## ${name}`, "", `${place}.`, "", "```ts", typeText(output, checker), "```"]
  })
  return [
    "# Records",
    "",
    'What a run folder holds. Every record has `schema: "swirl.<record>/<major>"`; new fields are optional, so old folders open.',
    "`swirl validate <file or folder>` checks files against these schemas, and `recordJsonSchema(name)` of `@swirl-ts/core` gives each as JSON Schema.",
    "A record's id comes from what it is, so writing it twice is harmless; a torn last line is cut off when a file is opened, and nothing else is.",
    ...sections,
    "",
  ].join("\n")
}
