/**
 * The small sibling of `real.experiment.ts`, for anyone's machine: SmolLM2-135M after its cold start, which all rows begin with
 * and which is what `base` is here. First `examples/small-cold-start.experiment.ts`, then
 *
 *   npx --no -- swirl matrix examples/small.experiment.ts --backend native --processes 1 --data gsm8k=<folder> --data gsm-large=<folder>
 */
import { defineExperiment } from "@swirl-ts/experiment"

const train = ["gsm8k"]
/** Fresh actions, 8 at each of 12 states, as beginnings of each other. */
const states = { states: 12, statesPerTrajectory: 2, samples: 8 }
const untrained = "local:.swirl/models/SmolLM2-135M-Instruct.Q4_1.gguf"

export default defineExperiment({
  name: "small",
  policy: "local:runs/small-cold-start/seed-1/cold-start/train/cold-start/checkpoints/20",
  precision: "bf16",
  engineOptions: { lora: 16 },
  judge: "grounded",
  seeds: [1],
  shots: 2,
  limits: { steps: 5, stepTokens: 48 },
  cells: ["gsm8k/test", "gsm8k/test@1"],
  references: [
    { name: "before-cold-start", policy: untrained },
    { name: "chain-of-thought", policy: untrained, shots: 0, tools: "none", limits: { steps: 1, stepTokens: 256 } },
  ],
  trainings: [
    { name: "sft", train, filter: "process", algorithm: "sft", options: { trajectories: 8, iterations: 10 } },
    { name: "swirl", train, filter: "process", algorithm: "swirl", options: states },
    { name: "swirl-unfiltered", train, filter: "none", algorithm: "swirl", options: states },
    // The filter keeps few trajectories of so small a model; states at which some actions are good are found in all of them.
    {
      name: "swirl-learnable",
      train,
      filter: "none",
      algorithm: "swirl",
      options: { ...states, minGood: 0.1, maxGood: 0.9, candidates: 48 },
    },
    { name: "outcome-grpo", train, filter: "none", algorithm: "outcome-grpo", options: { tasks: 3, samples: 8 } },
  ],
  contrasts: [
    { of: "swirl", against: "before-cold-start" },
    { of: "swirl", against: "sft" },
    { of: "swirl", against: "swirl-unfiltered" },
  ],
  generation: { tasks: 48, samples: 4, temperature: 1 },
  evaluation: { questions: 50 },
  training: { learningRate: 1e-4, warmup: 2, rolloutEvery: 10, iterations: 30, tokenBudget: 20_000 },
  rolloutTasks: 0,
  details: true,
})
