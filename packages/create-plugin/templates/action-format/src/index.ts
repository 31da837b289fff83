export { jsonLines } from "./json-lines.ts"
export { myPlugin as default, myPlugin } from "./plugin.ts"
