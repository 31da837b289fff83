export type { ClusterOptions } from "./cluster.ts"
export { ray, ray as default } from "./plugin.ts"
