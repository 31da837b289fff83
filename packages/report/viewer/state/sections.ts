/** The views that this run has something to show in, in the order of the navigation. */
import { sharedCells } from "./pairs.ts"
import type { Run } from "./run.ts"

export interface Section {
  view: string
  title: string
}

export function sectionsOf(run: Run): Section[] {
  const { matrix, comparisons, trainings, judges, costs, pages, tools } = run.summary
  const all: [view: string, title: string, has: boolean][] = [
    ["overview", "Overview", true],
    ["results", "Results", matrix !== undefined || comparisons.length > 0],
    ["samples", "Samples", pages.samples.count > 0],
    ["compare", "Side by side", sharedCells(run).length > 0],
    ["training", "Training", trainings.some(({ metrics }) => metrics.length > 0)],
    ["judges", "Judges", judges.length > 0],
    ["cost", "Cost", costs.length > 0 || tools.length > 0],
    ["made", "How it was made", true],
  ]
  return all.flatMap(([view, title, has]) => (has ? [{ view, title }] : []))
}
