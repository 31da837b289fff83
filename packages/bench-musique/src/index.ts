export { type BenchmarkOptions, createBenchmark } from "./benchmark.ts"
export { type MusiqueOptions, musique, musique as default } from "./plugin.ts"
export { scoreFiles } from "./score-files.ts"
export type { MusiqueTask } from "./task.ts"
