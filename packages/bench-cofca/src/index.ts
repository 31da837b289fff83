export { type BenchmarkOptions, createBenchmark } from "./benchmark.ts"
export { type CofcaOptions, cofca, cofca as default } from "./plugin.ts"
export { scoreFiles } from "./score-files.ts"
export type { CofcaTask } from "./task.ts"
