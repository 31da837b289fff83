/** A task made from one record: its id is its row, as the data set gives none. */
import { goldSteps } from "@swirl-ts/bench-kit"
import type { GoldStep, Task } from "@swirl-ts/core"
import { readings } from "./readings.ts"
import { type Gsm8kRecord, notesOf } from "./record.ts"

export interface Gsm8kTask extends Task {
  /** The gold number, without commas. */
  answer: string
  /** The dataset's whole `answer`, which the official scripts take as gold. */
  solution: string
  /** Worked examples for the prompt, from the train split; empty unless `shots` are asked for. */
  examples: readonly Gsm8kRecord[]
}

export const taskOf = (
  { question, answer }: Gsm8kRecord,
  { id, examples }: Pick<Gsm8kTask, "id" | "examples">,
): Gsm8kTask => ({
  id,
  question,
  answer: readings.official.extract(answer),
  solution: answer,
  examples,
})

/**
 * The noted values: a calculator should print each on the way, in whatever form it prints numbers. `tolerance` is relative, of
 * values below 1 absolute.
 */
export const goldStepsOf = ({ solution }: Pick<Gsm8kTask, "solution">, tolerance = 1e-6): GoldStep[] =>
  goldSteps(
    "gold_step_recall",
    notesOf(solution).map(({ value }) => value.trim()),
    (observation, value) => {
      const number = Number(value.replace(/[$,]/g, ""))
      const difference = Math.abs(Number(observation) - number)
      return observation.trim() === value || difference <= tolerance * Math.max(1, Math.abs(number))
    },
  )
