/**
 * The first half of the small sibling: SmolLM2-135M is taught the form, and nothing else, by supervised training on its own
 * trajectories that can be read from end to end (judge `form`: whatever they say). What comes of it is a labelled cold start:
 * `examples/small.experiment.ts` goes on from its checkpoint.
 *
 *   npx --no -- swirl matrix examples/small-cold-start.experiment.ts --backend native --processes 1 --data gsm8k=<folder>
 */
import { defineExperiment } from "@swirl-ts/experiment"

export default defineExperiment({
  name: "small-cold-start",
  policy: "local:.swirl/models/SmolLM2-135M-Instruct.Q4_1.gguf",
  precision: "bf16",
  engineOptions: { lora: 16 },
  judge: "form",
  seeds: [1],
  shots: 2,
  limits: { steps: 5, stepTokens: 48 },
  cells: ["gsm8k/test"],
  trainings: [
    {
      name: "cold-start",
      train: ["gsm8k"],
      filter: "process",
      algorithm: "sft",
      options: { trajectories: 8, iterations: 20, learningRate: 1e-4 },
    },
  ],
  generation: { tasks: 48, samples: 4, temperature: 0.5 },
  evaluation: { questions: 50 },
  rolloutTasks: 0,
  details: true,
})
