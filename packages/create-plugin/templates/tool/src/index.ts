export { convert } from "./convert.ts"
export { myPlugin as default, myPlugin } from "./plugin.ts"
