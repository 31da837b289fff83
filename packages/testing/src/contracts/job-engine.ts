/** The JobEngine contract: steps go in, a checkpoint and metrics come out, and what is asked twice is the same job. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { isAbsolute, join } from "node:path"
import { type Host, type JobEngine, MetricSchema, rowId, type TrainingJob, userMessage } from "@swirl-ts/core"
import { type Behaviours, type Check, type CheckOptions, checksOf, fail, type Skipped } from "../checks/check.ts"
import { assertOptions } from "../checks/options.ts"
import { register, type TestOptions } from "../checks/runner.ts"
import { assertShape } from "../checks/shape.ts"
import { checkFolder, checkHost } from "../data/host.ts"

export interface JobEngineChecks extends CheckOptions {
  /** Options of the engine, as its address. Without them nothing is submitted anywhere. */
  options?: Readonly<Record<string, unknown>>
  host?: Host
  /** What else the job says than that of two answered questions, such as a policy that the cluster has. */
  job?: Partial<TrainingJob>
}

/** Tests a job engine. */
export function testJobEngine(engine: JobEngine, options: JobEngineChecks & TestOptions = {}): void {
  register(`job engine ${options.name ?? defaultName}`, jobEngineChecks(engine, options), options)
}

const defaultName = "job engine"
const untold = { skipped: "nobody said where it runs: give `options`, such as its address" }

/** The checks of `testJobEngine`. */
export function jobEngineChecks(engine: JobEngine, options: JobEngineChecks = {}): Check[] {
  const { name = defaultName } = options
  const subject = `The job engine ${name}`
  assertOptions(subject, options, { options: true, job: true })
  const train = (job: TrainingJob) => engine.train(job, options.options ?? {}, options.host ?? checkHost())
  const trained = async (check: (job: TrainingJob) => Promise<void>): Promise<Skipped | undefined> => {
    if (!options.options) return untold
    await check({ ...smallJob(engine, checkFolder()), ...options.job })
    return undefined
  }
  const behaviours: Behaviours = {
    "is a job engine that can be loaded": () => assertShape("jobEngines", subject, options.name, engine),
    "asks a judge by algorithms alone that it trains by": () => {
      const unknown = engine.judges.filter((each) => !engine.algorithms.includes(each))
      if (unknown.length > 0) fail(`its \`judges\` name ${unknown.join(", ")}, which its \`algorithms\` do not.`)
    },
    "gives a checkpoint that is there, and metrics that can be read": () =>
      trained(async (job) => {
        const { checkpoint } = await train(job)
        if (!isAbsolute(checkpoint) || !existsSync(checkpoint) || readdirSync(checkpoint).length === 0)
          fail(`the checkpoint that it gives, ${checkpoint}, is no folder with something in it.`)
        const path = join(job.directory, "metrics.jsonl")
        const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : []
        if (lines.length === 0) fail("it leaves no metrics.jsonl with a record in it in the job's folder.")
        for (const line of lines) {
          if (!MetricSchema.safeParse(JSON.parse(line)).success)
            fail(`its metrics.jsonl holds what is no metric: ${line}`)
        }
      }),
    "trains nothing twice": () =>
      trained(async (job) => {
        const first = await train(job)
        const record = readFileSync(join(job.directory, "metrics.jsonl"), "utf8")
        const second = await train(job)
        if (second.checkpoint !== first.checkpoint || second.steps !== first.steps)
          fail(
            `the same job gives ${second.checkpoint} after ${second.steps} steps, and gave ${first.checkpoint} after ${first.steps}.`,
          )
        if (readFileSync(join(job.directory, "metrics.jsonl"), "utf8") !== record)
          fail("the same job, asked again when it has ended, writes other metrics.")
      }),
  }
  return checksOf(subject, behaviours, options)
}

/** Two answered questions, and one optimiser step over them. */
const smallJob = (engine: JobEngine, directory: string): TrainingJob => ({
  id: "check-0123456789",
  name: "check",
  policy: "nano",
  algorithm: engine.algorithms[0] ?? "sft",
  settings: { iterations: 1 },
  seed: 7,
  rows: ["one", "two"].map((word) => ({
    id: rowId(word, 0),
    trajectoryId: word,
    stepIndex: 0,
    stepCount: 1,
    messages: [userMessage(`Say ${word}.`)],
    action: word,
  })),
  tools: [],
  stopSequences: [],
  directory,
  log: () => {},
})
