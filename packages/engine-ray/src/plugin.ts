/** The plugin: `--engine ray`. Its options say what the cluster is; the environment goes first. */
import { definePlugin, type JobEngine } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import manifest from "../package.json" with { type: "json" }
import { type ClusterOptions, ClusterSchema } from "./cluster.ts"
import { submittedJobs } from "./submitted-jobs.ts"
import { trainOnRay } from "./train.ts"

export function ray(options: ClusterOptions = {}) {
  readOptions("plugin engine-ray", ClusterSchema, options)
  const engine: JobEngine = {
    description: "training jobs on a Ray cluster, by TRL: --engine-url http://head:8265",
    algorithms: ["swirl", "sft", "step-dpo"],
    judges: ["swirl", "step-dpo"],
    jobs: (given, host, abortSignal) => submittedJobs(given, host, abortSignal),
    train: (job, given, host) => trainOnRay(job, given, host, options),
  }
  return definePlugin({
    meta: { name: "engine-ray", version: manifest.version, apiVersion: 1 },
    jobEngines: { ray: engine },
  })
}
