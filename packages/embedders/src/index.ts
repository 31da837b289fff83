export type { EmbeddersOptions } from "./options.ts"
export { embedders, embedders as default } from "./plugin.ts"
