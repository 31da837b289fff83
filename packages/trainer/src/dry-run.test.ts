import { toyContext } from "@swirl-ts/testing"
import { describe, expect, it } from "vitest"
import { renderDryRun } from "./dry-run.ts"
import { swirl } from "./swirl.ts"

describe("dryRun", () => {
  for (const options of [{}, { kl: "exact", beta: 0.5 }, { beta: 0 }, { normalise: "standard-deviation" }]) {
    it(`prints numbers that add up to the engine's own loss: ${JSON.stringify(options)}`, async () => {
      const context = await toyContext("", { samples: 16, maxTokens: 6, ...options })
      context.engine.parameters.forEach((value, index) => {
        context.engine.parameters[index] = value + Math.sin(index) / 2
      })
      const { text, data } = await swirl.dryRun(context)
      expect(Math.abs(data.loss - data.engineLoss!)).toBeLessThan(1e-6)
      // By hand, from nothing but what is printed.
      let sum = 0
      for (const row of data.rows) {
        row.tokens.forEach(({ coefficient, logProbability }) => {
          sum += coefficient * logProbability
        })
      }
      const kl = data.exactKl === null ? 0 : (data.beta * data.exactKl) / data.normaliser
      expect(-sum / data.normaliser + kl).toBeCloseTo(data.engineLoss!, 9)
      expect(text).toContain(`= ${data.loss.toFixed(6)}`)
      expect(text).toContain(`the engine's own loss: ${data.engineLoss!.toFixed(6)}`)
      expect(data.actions).toHaveLength(16)
      const printed = text.split("\n").filter((line) => / {2}(tool|answer|malformed|cut-off) /.test(line))
      expect(printed).toHaveLength(16)
      expect(data.actions.reduce((total, action) => total + action.advantage!, 0)).toBeCloseTo(0, 9)
    })
  }

  it("trains with the advantages it prints", async () => {
    for (const normalise of ["none", "standard-deviation"]) {
      const { data } = await swirl.dryRun(await toyContext("", { samples: 16, maxTokens: 6, beta: 0, normalise }))
      const positive = (values: number[]) => values.filter((value) => value > 0).reduce((sum, value) => sum + value, 0)
      const printed = positive(data.actions.map((action) => action.advantage!))
      expect(printed).toBeGreaterThan(0)
      // Equal actions have equal rewards, so merging keeps signs.
      expect(positive(data.rows.map((row) => row.tokens[0]!.coefficient))).toBeCloseTo(printed, 9)
    }
  })

  it("says so when nothing was scored", () => {
    const state = { id: "s", taskId: "t", trajectoryId: "r", step: 0, tokens: 3, text: "user: 1" }
    const text = renderDryRun({
      state,
      actions: [],
      rows: [],
      normaliser: 0,
      beta: 0,
      kl: "penalty",
      exactKl: null,
      loss: 0,
      engineLoss: null,
    })
    expect(text).toContain("No action was scored: there is no update.")
  })
})
