import { type GenerateResult, generate, generateUntilKept } from "@swirl-ts/stages"
import { onCluster } from "../on-cluster.ts"
import type { OptionTable } from "../options/option.ts"
import { judgeOptions, tasks } from "../options/requests.ts"
import {
  cacheOptions,
  clusterOptions,
  judgeModelOptions,
  modelOptions,
  replayTools,
  requestOptions,
  runOptions,
  stepJudge,
  strategy,
  taskOptions,
  toolOptions,
} from "../options/tables.ts"
import { numberOrNone, positive } from "../options/values.ts"
import { mergedLines } from "../render/merged-run.ts"
import { toolErrors } from "../render/tool-errors.ts"
import { sayReplayed, withReplayedTools } from "../replayed-tools.ts"
import { defineCommand } from "./command.ts"

const options = {
  samples: { value: "<n>", help: "trajectories a task", parse: positive, default: 1 },
  temperature: { value: "<t>", help: "training needs 1; none: the server's own", parse: numberOrNone, default: 1 },
  untilKept: {
    value: "<n>",
    help: "generate, judge and filter until this many are kept, on no more tasks than --limit",
    parse: positive,
  },
  strategy: { ...strategy, help: "with --until-kept" },
  judge: { ...stepJudge, help: "with --until-kept" },
  atMost: { value: "<n>", help: "with --until-kept: stop at this many trajectories", parse: positive },
  replayTools,
  ...taskOptions,
  ...clusterOptions,
  ...toolOptions,
  split: { value: "<name>", help: "of the benchmark", default: "train" },
  ...runOptions,
  ...modelOptions,
  ...requestOptions,
  ...cacheOptions,
  ...judgeModelOptions,
} as const satisfies OptionTable

const whole = {
  untilKept:
    "How many are kept is known of all shards together, so --until-kept does not go with --engine. Generate with a --limit, and filter what is merged.",
}

export const command = defineCommand({
  name: "generate",
  description: "trajectories with tool calls; run again to continue",
  arguments: { benchmarks: { many: true } },
  options,
  isStreaming: true,
  async run(outer, given) {
    const merged = await onCluster(outer, { name: "generate", options, whole, here: ["strategy", "judge"] }, given)
    if (merged) return { merged }
    const context = await withReplayedTools(outer, given.replayTools)
    const { benchmarks, split, samples, temperature, untilKept: kept, strategy, judge, atMost } = given
    const request = { ...tasks(context, given), benchmarks, split, samples, temperature }
    const result = kept
      ? await generateUntilKept(context, {
          ...request,
          kept,
          strategy,
          judge,
          judgeOptions: judgeOptions(given),
          atMost,
        })
      : await generate(context, request)
    sayReplayed(context)
    return { directory: context.directory, result }
  },
  document: ({ merged, result }) => merged ?? result,
  text: (made, { strategy }) => (made.merged ? mergedLines(made.merged) : madeLines(made, strategy)),
  exitCode: ({ result }) => (result && result.errors > 0 ? 3 : 0),
})

function madeLines(
  { directory, result }: { directory: string; result: GenerateResult | (GenerateResult & { kept: number }) },
  strategy: string,
): string[] {
  return [
    `${result.trajectories} trajectories in ${directory} (${result.reused} were there already)`,
    `${result.answered} answered, ${result.stepLimit} at the step limit, ${result.tokenLimit} at the token limit, ${result.errors} with errors`,
    `${result.steps} steps: ${result.toolCalls} tool calls${result.toolErrors > 0 ? ` (${result.toolErrors} answered with an error)` : ""}, ${result.malformed} malformed`,
    ...toolErrors(result.tools).map((line) => `  ${line}`),
    ...("kept" in result ? [`${result.kept} kept by ${strategy}`] : []),
  ]
}
