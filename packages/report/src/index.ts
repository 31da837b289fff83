export { type CollectOptions, collectReport } from "./collect.ts"
export * from "./data.ts"
export { renderReport } from "./render.ts"
export { writeReport } from "./write.ts"
