export { type BenchmarkOptions, createBenchmark } from "./benchmark.ts"
export { type Gsm8kOptions, gsm8k, gsm8k as default } from "./plugin.ts"
export { scoreFiles } from "./score-files.ts"
export type { Gsm8kTask } from "./task.ts"
