/** Every official plugin, and all that it contributes, passes the published checks. */

import { sandbox } from "@swirl-ts/bench-sandbox"
import { judges } from "@swirl-ts/judges"
import { local } from "@swirl-ts/local"
import { formats } from "@swirl-ts/runner"
import { calculator } from "@swirl-ts/tools-calculator"
import { search } from "@swirl-ts/tools-search"
import { trainer } from "@swirl-ts/trainer"
import {
  testActionFormat,
  testAlgorithm,
  testBenchmark,
  testEngine,
  testFilter,
  testJudge,
  testModel,
  testTool,
} from "./index.ts"

for (const [name, tool] of Object.entries({ ...calculator().tools })) testTool(tool, { name })
for (const [name, tool] of Object.entries({ ...search().tools })) testTool(tool, { name })
for (const [name, benchmark] of Object.entries(sandbox().benchmarks)) testBenchmark(benchmark, { name })
for (const [name, judge] of Object.entries(judges().judges)) testJudge(judge, { name })
for (const [name, filter] of Object.entries(trainer().filters)) testFilter(filter, { name })
for (const [name, algorithm] of Object.entries(trainer().algorithms)) testAlgorithm(algorithm, { name })
testActionFormat(formats().actionFormats.native)
testModel(local().models.nano, { name: "nano" })
for (const [name, engine] of Object.entries(local().engines)) testEngine(engine, { name, options: { backend: "wasm" } })
