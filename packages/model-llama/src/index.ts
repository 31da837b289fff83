export type { LlamaOptions } from "./options.ts"
export { llama, llama as default } from "./plugin.ts"
