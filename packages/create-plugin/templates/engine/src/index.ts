export { createTableEngine } from "./engine.ts"
export { myPlugin as default, myPlugin } from "./plugin.ts"
