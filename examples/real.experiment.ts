/**
 * A real model beside the controls that can refute it, a row at a time. The trajectories to train on are made once and serve all
 * rows; every training may sample the same number of tokens, and no row waits for another's weights:
 *
 *   RUN="npx --no -- swirl matrix examples/real.experiment.ts --backend native --processes 1 --data gsm8k=<folder> --data gsm-large=<folder> --data hotpotqa=<folder>"
 *   $RUN --only generate                   # 60 train questions x 8
 *   $RUN --only base                       # then one row after another: chain-of-thought, swirl, sft, …
 *   npm run study -- --copy runs/real      # records without weights into studies/real, and the tables of docs
 *
 * Hyper-parameters are chosen on train questions that no row is trained on, never on those of a cell:
 *   npx --no -- swirl eval gsm8k/train --skip 120 --limit 60 --model local:<checkpoint> --run runs/real-dev
 */
import { defineExperiment } from "@swirl-ts/experiment"

const train = ["gsm8k"]
/** Fresh actions, 8 at each of 12 states, as beginnings of each other. */
const states = { states: 12, statesPerTrajectory: 2, samples: 8, maxTokens: 160 }
/** About as many tokens an iteration as 12 states x 8 actions. */
const episodes = { tasks: 3, samples: 8 }

export default defineExperiment({
  name: "real",
  policy: "local:.swirl/models/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
  precision: "bf16",
  engineOptions: { lora: 16 },
  judge: "grounded+consensus",
  actionFormat: "inline",
  shots: 2,
  seeds: [1],
  limits: { steps: 8, stepTokens: 160 },
  // Trained on the first with the calculator; the third are its questions with larger numbers, the last asks for the search tool.
  cells: ["gsm8k/test", "gsm8k/test@1", "gsm-large/test", "hotpotqa/dev"],
  references: [
    { name: "chain-of-thought", tools: "none", limits: { steps: 1, stepTokens: 512 } },
    { name: "zero-shot", shots: 0 },
    { name: "tags", actionFormat: "tags" },
    { name: "native", actionFormat: "native", shots: 0 },
  ],
  trainings: [
    { name: "sft", train, filter: "process", algorithm: "sft", options: { trajectories: 12, iterations: 30 } },
    {
      name: "rft",
      train,
      filter: "process",
      algorithm: "rft",
      options: { trajectories: 12, rounds: 2, episodes: 2, iterations: 30 },
    },
    { name: "swirl", train, filter: "process", algorithm: "swirl", options: states },
    // At states where the recorded actions were sometimes right alone: those of kept trajectories are mostly solved.
    {
      name: "swirl-learnable",
      train,
      filter: "none",
      algorithm: "swirl",
      options: { ...states, statesPerTrajectory: undefined, minGood: 0.2, maxGood: 0.8, shareOf: "recorded" },
    },
    { name: "swirl-unfiltered", train, filter: "none", algorithm: "swirl", options: states },
    { name: "swirl-grounded", train, filter: "process", algorithm: "swirl", judge: "grounded", options: states },
    { name: "outcome-grpo", train, filter: "none", algorithm: "outcome-grpo", options: episodes },
  ],
  contrasts: [
    { of: "swirl", against: "base" },
    { of: "swirl", against: "chain-of-thought" },
    { of: "swirl", against: "sft" },
    { of: "swirl", against: "swirl-unfiltered" },
    { of: "swirl", against: "outcome-grpo" },
  ],
  generation: { tasks: 60, samples: 8, temperature: 1 },
  evaluation: { questions: 150, epochs: 1 },
  training: { learningRate: 2e-4, warmup: 3, checkpointEvery: 2, rolloutEvery: 6, iterations: 60, tokenBudget: 30_000 },
  rolloutTasks: 24,
  details: true,
})
