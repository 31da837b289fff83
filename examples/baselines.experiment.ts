/**
 * Every algorithm on one policy, one task and the same recorded trajectories, three seeds each: what SWiRL is worth beside its
 * controls. `npx --no -- swirl matrix examples/baselines.experiment.ts --plan`, then without `--plan`.
 */
import { defineExperiment } from "@swirl-ts/experiment"

const train = ["calc"]
/** Fresh episodes are asked of all questions, whatever the filter keeps; they sample about as many tokens an iteration as 64 states x 8 do. */
const episodes = { tasks: 16, samples: 8 }

export default defineExperiment({
  name: "baselines",
  policy: "nano",
  judge: "grounded",
  seeds: [7, 8, 9],
  cells: ["calc/test", "lookup/test", "mixed/test"],
  trainings: [
    { name: "swirl", train, filter: "process", algorithm: "swirl" },
    { name: "swirl-unfiltered", train, filter: "none", algorithm: "swirl" },
    { name: "swirl-rounds", train, filter: "process", algorithm: "swirl", options: { rounds: 4 } },
    { name: "sft", train, filter: "process", algorithm: "sft" },
    { name: "rft-process", train, filter: "process", algorithm: "rft" },
    { name: "rft-outcome", train, filter: "outcome", algorithm: "rft" },
    { name: "format-only", train, filter: "process", algorithm: "format-only" },
    { name: "step-dpo", train, filter: "process", algorithm: "step-dpo" },
    { name: "slate", train, filter: "none", algorithm: "slate" },
    { name: "outcome-grpo", train, filter: "none", algorithm: "outcome-grpo", options: episodes },
    {
      name: "outcome-grpo-resample",
      train,
      filter: "none",
      algorithm: "outcome-grpo",
      options: { ...episodes, resample: 3 },
    },
    { name: "gigpo", train, filter: "none", algorithm: "gigpo", options: episodes },
    { name: "mt-grpo", train, filter: "none", algorithm: "mt-grpo", options: episodes },
    {
      name: "mt-grpo-unlabelled",
      train,
      filter: "none",
      algorithm: "mt-grpo",
      options: { ...episodes, outcomeWeight: 0 },
    },
    { name: "igpo", train, filter: "none", algorithm: "igpo", options: episodes },
  ],
  contrasts: [
    { of: "swirl", against: "format-only" },
    { of: "swirl", against: "sft" },
    { of: "swirl", against: "rft-process" },
    { of: "swirl", against: "outcome-grpo" },
    { of: "swirl", against: "swirl-unfiltered" },
  ],
  generation: { tasks: 300, samples: 2, temperature: 1 },
  evaluation: { questions: 300 },
  training: { iterations: 40, rolloutEvery: 10 },
  rolloutTasks: 60,
})
