/** Two train tasks, two filters, three seeds, four cells of the sandbox: small, and everything a matrix can say is in it. */
import { crossTrainings, defineExperiment } from "@swirl-ts/experiment"

export default defineExperiment({
  name: "faults",
  policy: "nano",
  judge: "grounded",
  seeds: [11, 12, 13],
  cells: ["calc/test", "lookup/test", "mixed/test", "calc/test@1"],
  trainings: crossTrainings(["calc", "lookup"], ["process", "none"]),
  references: [{ name: "again", policy: "nano" }],
  contrasts: [
    { name: "process against none, calc", of: "swirl-calc-process", against: "swirl-calc-none" },
    {
      name: "process against none, lookup",
      of: "swirl-lookup-process",
      against: "swirl-lookup-none",
      cells: ["lookup/test", "mixed/test"],
    },
  ],
  generation: { tasks: 120, samples: 1, temperature: 1 },
  evaluation: { questions: 60, judged: 20 },
  training: { iterations: 8, states: 32, checkpointEvery: 2, rolloutEvery: 4 },
  rolloutTasks: 20,
})
