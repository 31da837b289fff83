/** Published numbers to stand beside ours, each with where it is printed. */
import type { PublishedNumber } from "@swirl-ts/core"

/** The paper whose method this framework follows. */
export const swirlPaper =
  "Goldie et al., Synthetic Data Generation and Multi-Step Reinforcement Learning (SWiRL), arXiv 2504.04736 v2"

/** What one system reached, by metric. */
export const publishedNumbers = (
  what: string,
  citation: string,
  values: Readonly<Record<string, number>>,
): PublishedNumber[] => Object.entries(values).map(([metric, value]) => ({ what, metric, value, citation }))
