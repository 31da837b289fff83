/**
 * The plugin: `--engine ray`. Its options say what the cluster is; the environment goes first. What talks to a cluster is loaded
 * when one is asked for.
 */
import { definePlugin, type JobEngine } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import manifest from "../package.json" with { type: "json" }
import { type ClusterOptions, ClusterSchema } from "./cluster.ts"

export function ray(options: ClusterOptions = {}) {
  readOptions("plugin engine-ray", ClusterSchema, options)
  const engine: JobEngine = {
    description:
      "jobs on a Ray cluster: trainings by TRL, generations and evaluations in shards: --engine-url http://head:8265",
    algorithms: ["swirl", "sft", "step-dpo"],
    judges: ["swirl", "step-dpo"],
    jobs: async (given, host, abortSignal) =>
      (await import("./submitted-jobs.ts")).submittedJobs(given, host, abortSignal),
    run: async (commands, given, host, abortSignal) =>
      (await import("./run-commands.ts")).runOnRay(commands, given, { host, ofPlugin: options, abortSignal }),
    train: async (job, given, host) => (await import("./train.ts")).trainOnRay(job, given, host, options),
  }
  return definePlugin({
    meta: { name: "engine-ray", version: manifest.version, apiVersion: 1 },
    jobEngines: { ray: engine },
  })
}
