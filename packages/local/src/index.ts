export { local, local as default } from "./plugin.ts"
export type { LocalOptions } from "./provider.ts"
