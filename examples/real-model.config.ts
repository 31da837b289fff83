/** For docs/real-model.md: a small real model sees two worked examples, as calls and results, before each GSM8K question. */
import { gsm8k } from "@swirl-ts/bench-gsm8k"
import { defineConfig } from "@swirl-ts/core"
import { judges } from "@swirl-ts/judges"
import { local } from "@swirl-ts/local"
import { llama } from "@swirl-ts/model-llama"
import { formats } from "@swirl-ts/runner"
import { calculator } from "@swirl-ts/tools-calculator"
import { trainer } from "@swirl-ts/trainer"

export default defineConfig({
  plugins: [
    gsm8k({ shots: 2 }),
    llama({ sequences: 2, threads: 1 }),
    local(),
    judges(),
    formats(),
    calculator(),
    trainer(),
  ],
  defaults: { judge: "grounded", strategy: "process", seed: 7 },
})
