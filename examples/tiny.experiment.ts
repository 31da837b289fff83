/** A small matrix: two train tasks, two filters, two evaluation cells. `npx --no -- swirl matrix examples/tiny.experiment.ts` */
import { crossTrainings, defineExperiment } from "@swirl-ts/experiment"

export default defineExperiment({
  name: "tiny",
  policy: "nano",
  judge: "grounded",
  seeds: [7],
  cells: ["calc/test", "lookup/test"],
  trainings: crossTrainings(["calc", "lookup"], ["process", "none"]),
  generation: { tasks: 100, samples: 1, temperature: 1 },
  evaluation: { questions: 60 },
  training: { iterations: 6, rolloutEvery: 3 },
  rolloutTasks: 20,
})
