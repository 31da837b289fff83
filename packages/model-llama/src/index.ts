export { llama, llama as default } from "./plugin.ts"
export { type LlamaOptions, llamaProvider } from "./provider.ts"
