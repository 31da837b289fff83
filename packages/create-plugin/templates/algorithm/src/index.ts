export { myPlugin as default, myPlugin } from "./plugin.ts"
export { reinforce } from "./reinforce.ts"
