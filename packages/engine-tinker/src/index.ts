export { type TinkerPluginOptions, tinker, tinker as default } from "./plugin.ts"
