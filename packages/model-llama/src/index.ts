export { llama, llama as default } from "./plugin.ts"
export type { LlamaOptions } from "./provider.ts"
