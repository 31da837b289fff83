export { myPlugin as default, myPlugin } from "./plugin.ts"
export { seen } from "./seen.ts"
