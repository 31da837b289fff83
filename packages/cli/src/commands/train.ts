import { dryRun, train } from "@swirl-ts/stages"
import { type Command, Option } from "commander"
import {
  type CommonOptions,
  dataOption,
  integer,
  openApp,
  positive,
  withCommonOptions,
  withModelOptions,
  withRunOptions,
} from "../app.ts"
import {
  type JudgeModelOptions,
  judgeModelOptions,
  judgeName,
  parseOption,
  withJudgeModelOptions,
} from "../judge-options.ts"

interface TrainOptions extends CommonOptions, JudgeModelOptions {
  model: string
  algorithm: string
  engine: string
  strategy: string
  judge?: string
  name?: string
  option: Record<string, unknown>
  iterations?: number
  rolloutTasks: number
  dryRun?: boolean
}

export function registerTrain(program: Command): void {
  withJudgeModelOptions(
    withModelOptions(
      withRunOptions(
        withCommonOptions(
          program
            .command("train")
            .description("improve a policy on the run's kept trajectories; run again to continue")
            .addOption(new Option("--model <model>", "the policy to start from").env("SWIRL_MODEL").default("nano"))
            .addOption(new Option("--algorithm <name>").env("SWIRL_ALGORITHM").default("swirl"))
            .addOption(new Option("--engine <name>").env("SWIRL_ENGINE").default("local"))
            .addOption(new Option("--strategy <filter>").env("SWIRL_STRATEGY").default("process"))
            .addOption(
              new Option("--judge <name>", "filters, and rewards fresh actions (default: grounded)").env("SWIRL_JUDGE"),
            )
            .addOption(new Option("--name <name>", "of this training (default: <algorithm>-<strategy>)"))
            .addOption(new Option("--iterations <n>", "optimiser steps").argParser(positive))
            .addOption(
              new Option("--option <name=value>", "of the algorithm, e.g. learningRate=1e-3 (repeatable)")
                .argParser(parseOption)
                .default({}, "none"),
            )
            .addOption(
              new Option("--rollout-tasks <n>", "tasks of a fresh roll-out; 0 for none")
                .argParser(integer)
                .default(100),
            )
            .addOption(dataOption())
            .addOption(
              new Option(
                "--dry-run",
                "show one state, its actions, verdicts, advantages, token mask and loss; train nothing",
              ),
            ),
        ),
      ),
    ),
  ).action(async (options: TrainOptions) => {
    const { context, output, stepJudge } = await openApp(options)
    const request = {
      policy: options.model,
      algorithm: options.algorithm,
      engine: options.engine,
      strategy: options.strategy,
      judge: judgeName(options, stepJudge),
      judgeOptions: judgeModelOptions(options),
      name: options.name ?? `${options.algorithm}-${options.strategy}`,
      options: { ...options.option, ...(options.iterations === undefined ? {} : { iterations: options.iterations }) },
      rolloutTasks: options.rolloutTasks,
    }
    if (options.dryRun) {
      const { text, data } = await dryRun(context, request)
      output.result(data, text)
      return
    }
    const result = await train(context, request)
    output.result(result, [
      `${result.name}: ${result.steps} steps on ${result.kept} kept trajectories`,
      ...result.alarms.map((alarm) => `alarm at step ${alarm.step}: ${alarm.kind}: ${alarm.message}`),
      `checkpoint: ${result.checkpoint}`,
      `measure it: swirl eval <benchmark> --model local:${result.checkpoint}`,
    ])
  })
}
