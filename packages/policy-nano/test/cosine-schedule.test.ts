import { expect, it } from "vitest"
import { cosineLearningRate } from "../scripts/cosine-schedule.ts"

it("the learning rate warms up, then falls to the floor and stays there", () => {
  const schedule = { peak: 1, warmupSteps: 4, totalSteps: 14, floor: 0.2 }
  const rates = [0, 1, 3, 4, 9, 14, 24].map((step) => Number(cosineLearningRate(schedule, step).toFixed(6)))
  expect(rates).toEqual([0.25, 0.5, 1, 1, 0.6, 0.2, 0.2])
})
