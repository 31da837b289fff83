import { filter } from "@swirl-ts/stages"
import { selectionJudges } from "../options/requests.ts"
import {
  dataOptions,
  judgeModelOptions,
  outcomeOptions,
  requestOptions,
  runOptions,
  stepJudge,
  strategy,
} from "../options/tables.ts"
import { share } from "../options/values.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "filter",
  description: "which trajectories are kept for training: the selection that train follows",
  options: {
    strategy,
    judge: { ...stepJudge, help: "whose verdicts count" },
    noise: { value: "<share>", help: "the noise that the steps were judged with", parse: share },
    ...outcomeOptions,
    ...dataOptions,
    ...runOptions,
    ...judgeModelOptions,
    ...requestOptions,
  },
  run: (context, given) => filter(context, { strategy: given.strategy, ...selectionJudges(context, given) }),
  text: (result) => [
    `${result.strategy}${result.outcomeJudge ? ` (outcome by ${result.outcomeJudge})` : ""}: ${result.kept} of ${result.total} trajectories kept, ${result.keptRight} of them with the right answer`,
    `${result.dropped} dropped${result.unscored ? `, ${result.unscored} of them for want of a verdict` : ""}`,
    `selection: ${result.file}`,
  ],
  exitCode: ({ unscored }) => (unscored > 0 ? 3 : 0),
})
