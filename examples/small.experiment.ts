/**
 * The small sibling of `real.experiment.ts`, for anyone's machine: SmolLM2-135M after a labelled cold start, which all rows begin
 * with and which is what `base` is here. GSM8K's own solutions of other train questions teach the form, and something of the task:
 *
 *   node examples/worked-turns.mjs <train.jsonl> 2000 600 > runs/worked.jsonl
 *   COLD="--run runs/small-cold-start --data gsm8k=<folder>"
 *   npx --no -- swirl generate gsm8k --split train --skip 2000 --limit 600 --model script:runs/worked.jsonl $COLD
 *   npx --no -- swirl judge --judge form $COLD
 *   npx --no -- swirl train --algorithm sft --judge form --model local:.swirl/models/SmolLM2-135M-Instruct.Q4_1.gguf --backend native \
 *     --precision bf16 --lora 16 --name cold-start --iterations 40 --option trajectories=16 --option learningRate=5e-4 --rollout-tasks 0 $COLD
 *   npx --no -- swirl matrix examples/small.experiment.ts --backend native --processes 1 --data gsm8k=<folder> --data gsm-large=<folder>
 */
import { defineExperiment } from "@swirl-ts/experiment"

const train = ["gsm8k"]
/** Fresh actions, 8 at each of 12 states, as beginnings of each other. */
const states = { states: 12, statesPerTrajectory: 2, samples: 8 }
const untrained = "local:.swirl/models/SmolLM2-135M-Instruct.Q4_1.gguf"

export default defineExperiment({
  name: "small",
  policy: "local:runs/small-cold-start/train/cold-start/checkpoints/40",
  precision: "bf16",
  engineOptions: { lora: 16 },
  judge: "grounded",
  seeds: [1],
  limits: { steps: 8, stepTokens: 96 },
  cells: ["gsm8k/test", "gsm8k/test@1"],
  references: [
    { name: "before-cold-start", policy: untrained, shots: 2 },
    { name: "chain-of-thought", policy: untrained, shots: 2, tools: "none", limits: { steps: 1, stepTokens: 256 } },
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
