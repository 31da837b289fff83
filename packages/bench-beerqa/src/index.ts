export { type BenchmarkOptions, createBenchmark } from "./benchmark.ts"
export { type BeerqaOptions, beerqa, beerqa as default } from "./plugin.ts"
export { scoreFiles } from "./score-files.ts"
export type { BeerqaTask } from "./task.ts"
