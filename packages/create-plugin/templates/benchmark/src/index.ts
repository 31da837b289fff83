export { wordProblems } from "./benchmark.ts"
export { myPlugin as default, myPlugin } from "./plugin.ts"
