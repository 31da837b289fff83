export * from "./data.ts"
export { renderReport } from "./render.ts"
