export * from "./data.ts"
export { findings } from "./findings.ts"
export { interval, percent, points } from "./format.ts"
export { type Direction, direction, isGamed, reportMatrix } from "./matrix-facts.ts"
export { markdownText } from "./matrix-markdown.ts"
export { freshViewer } from "./serve/fresh-viewer.ts"
export { serveViewer } from "./serve/serve-viewer.ts"
export { matrixCaption } from "./tables/caption.ts"
export {
  beside,
  changeInterval,
  changeMark,
  leftOutOfQuestions,
  sizeColumns,
  unguardedInWords,
} from "./tables/cell-text.ts"
export { matrixTables } from "./tables/matrix-tables.ts"
export { type FoundTrajectory, findTrajectory } from "./viewer/find-trajectory.ts"
export * from "./viewer/pages.ts"
export * from "./viewer/questions-page.ts"
export * from "./viewer/samples-page.ts"
export * from "./viewer/summary-page.ts"
export * from "./viewer/tokens-page.ts"
export * from "./viewer/trajectories-page.ts"
export { copyViewerFiles } from "./viewer/viewer-files.ts"
export type { ViewerOptions } from "./viewer/viewer-options.ts"
export { writeViewer } from "./viewer/write-viewer.ts"
export { visibleText } from "./visible-text.ts"
export { type WrittenReport, writeMatrixFiles, writeReport } from "./write.ts"
