/** What a config and the plugins beside it are written with, from the one package that is installed: all of core, and the official plugins. */
export * from "@swirl-ts/core"
export { type OfficialOptions, official } from "./official-plugins.ts"
