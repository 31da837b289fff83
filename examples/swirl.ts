/** SWiRL in forty lines: generate, judge, filter, train, evaluate, compare; each step is a function and its records are files. */

import { dirname } from "node:path"
import { gsm8k } from "@swirl-ts/bench-gsm8k"
import { sandbox } from "@swirl-ts/bench-sandbox"
import { createRegistry } from "@swirl-ts/core"
import {
  compareEvaluations,
  evaluateCell,
  filter,
  generate,
  judge,
  type StageContext,
  train,
} from "@swirl-ts/experiment"
import { judges } from "@swirl-ts/judges"
import { local } from "@swirl-ts/model-local"
import { formats } from "@swirl-ts/runner"
import { calculator } from "@swirl-ts/tools-calculator"
import { search } from "@swirl-ts/tools-search"
import { trainer } from "@swirl-ts/trainer"

export async function swirl(
  directory: string,
  { tasks = 600, iterations = 40, questions = 300, log = console.log } = {},
) {
  const context: StageContext = {
    registry: createRegistry([sandbox(), gsm8k(), calculator(), search(), judges(), formats(), local(), trainer()]),
    host: { cacheDirectory: `${directory}/cache`, workingDirectory: process.cwd(), environment: process.env, log },
    directory,
    seed: 7,
    concurrency: 64,
  }
  const task = { benchmark: "calc", actionFormat: "tags" }

  const made = await generate(context, {
    ...task,
    benchmarks: ["calc"],
    split: "train",
    model: "nano",
    limit: tasks,
    samples: 1,
    temperature: 1,
  })
  log(`${made.trajectories} trajectories, ${made.toolCalls} tool calls`)

  const verdicts = await judge(context, { judge: "grounded" })
  log(`${verdicts.good} good steps, ${verdicts.bad} bad ones`)

  const kept = await filter(context, { strategy: "process", judge: "grounded" })
  log(`${kept.kept} kept, ${kept.keptRight} of them right`)

  const trained = await train(context, {
    name: "first",
    policy: "nano",
    algorithm: "swirl",
    engine: "local",
    strategy: "process",
    judge: "grounded",
    options: { iterations, rolloutEvery: iterations },
    rolloutTasks: 50,
  })
  log(`trained ${trained.steps} steps: ${trained.checkpoint}`)

  const evaluation = { ...task, split: "test-new", temperature: 0, epochs: 1, limit: questions }
  const before = await evaluateCell(context, { ...evaluation, model: "nano" })
  const after = await evaluateCell(context, { ...evaluation, model: `local:${trained.checkpoint}` })
  const [cell] = await compareEvaluations(context.registry, dirname(before.file), dirname(after.file), context.seed)
  log(
    `${cell!.cell}: ${cell!.base.accuracy} -> ${cell!.result.accuracy}, 95 % interval of the change ${cell!.result.change.ci}`,
  )
  return { made, verdicts, kept, trained, cell: cell! }
}

if (import.meta.main) await swirl("runs/example")
