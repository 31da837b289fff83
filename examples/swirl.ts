/** SWiRL in forty lines: each step is a function, its records are files, and calling it again continues. */
import { dirname } from "node:path"
import { sandbox } from "@swirl-ts/bench-sandbox"
import { createRegistry } from "@swirl-ts/core"
import { judges } from "@swirl-ts/judges"
import { local } from "@swirl-ts/local"
import { formats } from "@swirl-ts/runner"
import { compareEvaluations, evaluateCell, filter, generate, judge, train } from "@swirl-ts/stages"
import { calculator } from "@swirl-ts/tools-calculator"
import { search } from "@swirl-ts/tools-search"
import { trainer } from "@swirl-ts/trainer"

export async function swirl(
  directory: string,
  { tasks = 600, iterations = 40, questions = 300, log = console.log } = {},
) {
  const registry = createRegistry([sandbox(), calculator(), search(), judges(), formats(), local(), trainer()])
  const host = { cacheDirectory: `${directory}/cache`, workingDirectory: process.cwd(), environment: process.env, log }
  const run = { registry, host, directory, seed: 7, concurrency: 64 }
  const own = { model: "nano", actionFormat: "tags", benchmarks: ["calc"], split: "train" }
  const made = await generate(run, { ...own, limit: tasks, samples: 1, temperature: 1 })
  log(`${made.trajectories} trajectories, ${made.toolCalls} tool calls`)

  const verdicts = await judge(run, { judge: "grounded" })
  log(`${verdicts.good} good steps, ${verdicts.bad} bad ones`)

  const strategy = { strategy: "process", judge: "grounded" }
  const kept = await filter(run, strategy)
  log(`${kept.kept} kept, ${kept.keptRight} of them right`)

  const how = { name: "first", policy: "nano", algorithm: "swirl", engine: "local", rolloutTasks: 50 }
  const trained = await train(run, { ...how, ...strategy, options: { iterations, rolloutEvery: iterations } })
  log(`trained ${trained.steps} steps: ${trained.checkpoint}`)

  const unseen = {
    benchmark: "calc",
    split: "test-new",
    actionFormat: "tags",
    temperature: 0,
    epochs: 1,
    limit: questions,
  }
  const before = await evaluateCell(run, { ...unseen, model: "nano" })
  const after = await evaluateCell(run, { ...unseen, model: `local:${trained.checkpoint}` })
  const [cell] = await compareEvaluations(registry, dirname(before.file), dirname(after.file), run.seed)
  log(`${cell!.base.accuracy} -> ${cell!.result.accuracy}, 95 % interval of the change ${cell!.result.change.ci}`)
  return { made, verdicts, kept, trained, cell: cell! }
}

if (import.meta.main) await swirl("runs/example")
