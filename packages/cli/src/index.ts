/** What configs, experiments and the plugins beside them are written with, from the one package that is installed. */
export * from "@swirl-ts/core"
export { crossTrainings, defineExperiment } from "@swirl-ts/experiment"
export { type OfficialOptions, official } from "./official-plugins.ts"
