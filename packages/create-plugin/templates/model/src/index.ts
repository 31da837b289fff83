export { markov, markovModel } from "./markov.ts"
export { myPlugin as default, myPlugin } from "./plugin.ts"
