export type { LocalOptions } from "./model-options.ts"
export { local, local as default } from "./plugin.ts"
