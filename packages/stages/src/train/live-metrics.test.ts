import { expect, it } from "vitest"
import { createLiveMetrics } from "./live-metrics.ts"

it("shows what there is, the newest roll-outs until there are others, and how long it will take", () => {
  let time = 0
  const live = createLiveMetrics(
    () => time,
    () => 4.9e9,
  )
  expect(live({ step: 4, values: { rolloutAccuracy: 0.25 } }, 10)).toBe("roll-outs 0.25")
  time = 20_000
  const values = { loss: 0.1234, judgedReward: 0.5, klPerToken: 0.0021, sampledTokens: 300, trainedTokens: 100 }
  expect(live({ step: 5, values: { ...values, seconds: 8, rolloutAccuracy: null } }, 10)).toBe(
    "loss 0.123, reward 0.50, roll-outs 0.25, KL 0.0021, seconds 8.0, tokens/s 50, peak GB 4.90, left 2 min",
  )
  expect(live({ step: 10, values: { loss: null, skippedSteps: 2 } }, 10)).toBe("roll-outs 0.25, skipped 2")
  expect(live({ step: 11, values: { loss: 1 } })).toBe("loss 1.000, roll-outs 0.25")
})
