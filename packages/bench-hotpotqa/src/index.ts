export { type BenchmarkOptions, createBenchmark } from "./benchmark.ts"
export { type HotpotqaOptions, hotpotqa, hotpotqa as default } from "./plugin.ts"
export { scoreFiles } from "./score-files.ts"
export type { HotpotqaTask } from "./task.ts"
