import { filter, openJudge, openOutcomeJudge } from "@swirl-ts/stages"
import { judgeOptions } from "../options/requests.ts"
import { dataOptions, judgeModelOptions, runOptions, stepJudge, strategy } from "../options/tables.ts"
import { share } from "../options/values.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "filter",
  description: "which trajectories are kept for training",
  options: {
    strategy,
    judge: { ...stepJudge, help: "whose verdicts count" },
    noise: { value: "<share>", help: "the noise that the steps were judged with", parse: share },
    outcomeJudge: {
      value: "<name>",
      help: "whose word on the final answer is the outcome, e.g. llm (default: the benchmark's official score)",
    },
    outcomeTemplate: { value: "<file>", help: "as --template, for the outcome judge" },
    ...dataOptions,
    ...runOptions,
    ...judgeModelOptions,
  },
  async run(context, given) {
    const { strategy, judge, noise, outcomeJudge, outcomeTemplate: template } = given
    const asked = judgeOptions(given)
    // Beside an outcome judge the options of --judge-model are that one's alone, unless the judge of steps asks a model, too.
    const shared = !outcomeJudge || openJudge(context, judge).asksModel
    const options = { ...(shared ? asked : {}), ...(noise === undefined ? {} : { noise }) }
    const outcomes = outcomeJudge ? openOutcomeJudge(context, outcomeJudge, { ...asked, template }) : undefined
    try {
      return await filter(context, {
        strategy,
        judge,
        judgeOptions: Object.keys(options).length > 0 ? options : undefined,
        outcomes,
      })
    } finally {
      await outcomes?.close()
    }
  },
  text: (result) => [
    `${result.strategy}${result.outcomeJudge ? ` (outcome by ${result.outcomeJudge})` : ""}: ${result.kept} of ${result.total} trajectories kept, ${result.keptRight} of them with the right answer`,
    `${result.dropped} dropped${result.unscored ? `, ${result.unscored} of them for want of a verdict` : ""}`,
  ],
  exitCode: ({ unscored }) => (unscored > 0 ? 3 : 0),
})
