/** The demo as an experiment: the embedded policy, the sandbox, and a judge that sees no reference answer. */
import { defineExperiment, type Experiment, type PlannedTraining } from "./experiment.ts"

const demoCells = ["calc/test", "calc/test-new", "lookup/test", "lookup/test-new", "mixed/test"]

const training = (
  name: string,
  train: string,
  filter: string,
  more: Partial<PlannedTraining> = {},
): PlannedTraining => ({
  name,
  train: [train],
  filter,
  algorithm: "swirl",
  options: {},
  ...more,
})

/** Long trainings first: two processes then end at about the same time. */
const short = (): PlannedTraining[] => [
  training("swirl-calc-process", "calc", "process"),
  training("swirl-calc-none", "calc", "none"),
  training("swirl-lookup-process", "lookup", "process"),
  training("sft-calc-process", "calc", "process", { algorithm: "sft" }),
]

const more = (): PlannedTraining[] => [
  training("swirl-calc-outcome", "calc", "outcome"),
  training("swirl-calc-process-outcome", "calc", "process+outcome"),
  training("swirl-lookup-none", "lookup", "none"),
  training("swirl-calc-form-only", "calc", "none", { judge: "form" }),
  training("swirl-calc-oracle", "calc", "none", { judge: "plan" }),
]

export interface DemoOptions {
  seed: number
  full: boolean
  /** Model string of the base; default: the embedded policy. */
  policy?: string
  /** Directory of the base before it was given bad habits, for the reference row of `--full`. */
  cleanBase?: string
}

export function demoExperiment({ seed, full, policy = "nano", cleanBase }: DemoOptions): Experiment {
  return defineExperiment({
    name: full ? "demo-full" : "demo",
    policy,
    judge: "grounded",
    seeds: full ? [seed, seed + 1, seed + 2] : [seed],
    cells: full ? [...demoCells, ...demoCells.map((cell) => `${cell}@1`)] : demoCells,
    trainings: full ? [...short(), ...more()] : short(),
    references: full && cleanBase ? [{ name: "clean-base", policy: `local:${cleanBase}` }] : [],
    generation: { tasks: 600, samples: 1, temperature: 1 },
    evaluation: { questions: 300 },
    training: { iterations: 40, rolloutEvery: 10 },
    rolloutTasks: 100,
  })
}
