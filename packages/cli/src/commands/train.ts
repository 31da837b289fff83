import { type Budget, SwirlError, shortName } from "@swirl-ts/core"
import { dryRun, train } from "@swirl-ts/stages"
import { selectionJudges, withoutUndefined } from "../options/requests.ts"
import {
  cacheOptions,
  dataOptions,
  engineOptions,
  judgeModelOptions,
  model,
  modelOptions,
  outcomeOptions,
  requestOptions,
  runOptions,
  stepJudge,
  strategy,
  toolOptions,
} from "../options/tables.ts"
import { kinds, namedValue, positive, whole } from "../options/values.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "train",
  description:
    "improve a policy on the run's selection of trajectories, made first where none stands; run again to continue",
  options: {
    model: { ...model, help: "the policy to start from" },
    algorithm: { value: "<name>", environment: "SWIRL_ALGORITHM", config: "algorithm", default: "swirl" },
    engine: { value: "<name>", environment: "SWIRL_ENGINE", config: "engine", default: "local" },
    ...engineOptions,
    engineOption: {
      value: "<name=value>",
      help: "any option of the engine (repeatable)",
      parse: namedValue,
      repeatable: true,
    },
    strategy: { ...strategy, help: undefined },
    judge: { ...stepJudge, help: "filters, and rewards fresh actions; a+b for what both call good" },
    ...outcomeOptions,
    lora: { value: "<rank>", help: "train a LoRA adapter of this rank; the weights stay as they are", parse: positive },
    loraAlpha: { value: "<n>", help: "of the adapter (default: twice its rank)", parse: positive },
    loraTargets: { value: "<kinds>", help: "of q,k,v,o,gate,up,down (default: all)", parse: kinds },
    name: { value: "<name>", help: "of this training (default: <algorithm>-<strategy>)" },
    iterations: { value: "<n>", help: "optimiser steps", parse: positive },
    option: {
      value: "<name=value>",
      help: "of the algorithm, e.g. learningRate=1e-3 (repeatable)",
      parse: namedValue,
      repeatable: true,
    },
    budgetTrajectories: { value: "<n>", help: "take n of the kept trajectories, drawn by the seed", parse: positive },
    budgetStates: { value: "<n>", help: "take kept trajectories of n states (steps) in all", parse: positive },
    rolloutTasks: { value: "<n>", help: "tasks of a fresh roll-out; 0 for none", parse: whole, default: 100 },
    ...dataOptions,
    ...toolOptions,
    stopOnAlarm: { help: "end with the first alarm, and give the checkpoint whose fresh roll-outs were best" },
    dryRun: {
      help: "show the first update and train nothing: of swirl one state with actions, verdicts, advantages, token mask and loss, of others actions, states and tokens",
    },
    ...runOptions,
    ...modelOptions,
    ...requestOptions,
    ...cacheOptions,
    ...judgeModelOptions,
  },
  async run(context, given) {
    const { model: policy, algorithm, engine, strategy, iterations, rolloutTasks } = given
    const stopOnAlarm = given.stopOnAlarm || undefined
    const request = {
      policy,
      algorithm,
      engine,
      engineOptions: engineOptionsOf(given),
      strategy,
      ...selectionJudges(context, given),
      name: given.name ?? `${algorithm}-${strategy}`,
      options: { ...Object.fromEntries(given.option), ...withoutUndefined({ iterations, stopOnAlarm }) },
      rolloutTasks,
      budget: budgetOf(given),
    }
    return given.dryRun ? dryRun(context, request) : train(context, request)
  },
  document: (result) => ("data" in result ? result.data : result),
  text: (result, { engine }) =>
    "data" in result
      ? result.text
      : [
          `${result.name}: ${result.steps} steps on ${result.used ? `${result.used.trajectories} of ` : ""}${result.kept} kept trajectories`,
          ...result.alarms.map((alarm) => `alarm at step ${alarm.step}: ${alarm.kind}: ${alarm.message}`),
          ...(result.stopped
            ? [
                `stopped by it; the checkpoint is that of step ${result.stopped.checkpoint}, whose fresh roll-outs were best. Go on all the same: the same command without --stop-on-alarm`,
              ]
            : []),
          `checkpoint: ${result.checkpoint}`,
          // Whoever offers another engine says which model string opens what it writes.
          ...(["local", "tinker", "ray"].includes(shortName(engine))
            ? [`measure it: swirl eval <benchmark> --model local:${result.checkpoint}`]
            : []),
        ],
})

/** Undefined where none is given: trainings that were recorded before there were any go on. */
function engineOptionsOf(given: {
  lora?: number
  loraAlpha?: number
  loraTargets?: readonly string[]
  precision?: string
  engineOption: readonly (readonly [string, unknown])[]
}): Record<string, unknown> | undefined {
  const { lora, loraAlpha, loraTargets, precision, engineOption } = given
  const named = { ...Object.fromEntries(engineOption), lora, loraAlpha, loraTargets, precision }
  const options = Object.entries(named).filter(([, value]) => value !== undefined)
  return options.length > 0 ? Object.fromEntries(options) : undefined
}

function budgetOf({
  budgetTrajectories: trajectories,
  budgetStates: states,
}: {
  budgetTrajectories?: number
  budgetStates?: number
}): Budget | undefined {
  if (trajectories !== undefined && states !== undefined)
    throw new SwirlError("--budget-trajectories and --budget-states cannot both be given; leave one.", {
      kind: "usage",
    })
  if (trajectories !== undefined) return { trajectories }
  return states === undefined ? undefined : { states }
}
