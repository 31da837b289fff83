export { concise } from "./concise.ts"
export { myPlugin as default, myPlugin } from "./plugin.ts"
