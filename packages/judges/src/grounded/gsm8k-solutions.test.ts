import { existsSync, readFileSync } from "node:fs"
import { judgeInput } from "@swirl-ts/core"
import { expect, it } from "vitest"
import { solutions } from "../../test/gsm8k.ts"
import { grounded } from "./grounded.ts"

const file = new URL("../../../../../shared/data/gsm8k/raw/test.jsonl", import.meta.url)

// Many of GSM8K's solutions leave calculations out of their annotations ("200 - 16 = 184" in the head), so not all can pass.
it.skipIf(!existsSync(file))(
  "passes most steps of GSM8K's own solutions (skipped where shared/data is absent)",
  async () => {
    const judge = grounded({ benchmark: "bench-gsm8k/gsm8k", seed: 0 })
    const passed = { tool: 0, answer: 0 }
    const all = { tool: 0, answer: 0 }
    for (const solution of solutions(readFileSync(file, "utf8"))) {
      for (const { index, kind } of solution.steps) {
        if (kind === "malformed") continue
        all[kind]++
        if ((await judge.judge(judgeInput(solution, index))).verdict === "good") passed[kind]++
      }
    }
    expect(all.answer).toBe(1319)
    expect(passed.tool / all.tool).toBeGreaterThan(0.94)
    expect(passed.answer / all.answer).toBeGreaterThan(0.85)
  },
)
