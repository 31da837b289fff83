import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { JobEngine } from "@swirl-ts/core"
import { type JobEngineChecks, jobEngineChecks } from "../../src/index.ts"
import { brokenExamples } from "./broken.ts"

const metric = `${JSON.stringify({ schema: "swirl.metric/1", step: 1, values: { loss: 1 } })}\n`

const engineWith = (line: string, isOnce = true): JobEngine => ({
  description: "Says that it has trained.",
  algorithms: ["sft", "swirl"],
  judges: ["swirl"],
  async train({ directory }) {
    const checkpoint = join(directory, "checkpoints", "1")
    const isDone = isOnce && existsSync(checkpoint)
    mkdirSync(checkpoint, { recursive: true })
    writeFileSync(join(checkpoint, "config.json"), "{}")
    if (!isDone) appendFileSync(join(directory, "metrics.jsonl"), line)
    return { checkpoint, steps: 1, alarms: [] }
  },
})
const sound = engineWith(metric)

export const jobEngine = brokenExamples<JobEngine, JobEngineChecks>(
  "job engine",
  jobEngineChecks,
  [sound, { options: {} }],
  {
    "is a job engine that can be loaded": [{ ...sound, description: "" }],
    "asks a judge by algorithms alone that it trains by": [{ ...sound, judges: ["gigpo"] }],
    "gives a checkpoint that is there, and metrics that can be read": [engineWith('{"step":1}\n')],
    "trains nothing twice": [engineWith(metric, false)],
  },
)
