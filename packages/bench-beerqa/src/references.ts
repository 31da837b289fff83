/** Published numbers to stand beside ours, each with where it is printed. */
import type { PublishedNumber } from "@swirl-ts/core"

const paper =
  "Goldie et al., Synthetic Data Generation and Multi-Step Reinforcement Learning (SWiRL), arXiv 2504.04736 v2"
const matrix = `${paper}, generalisation matrix, judged accuracy on 300 questions`
const intervals = `${paper}, table with 95 % intervals, 1,500 questions`

export const references: readonly PublishedNumber[] = [
  { what: "Gemma-2-27b-it with search", metric: "judged accuracy", value: 0.59, citation: matrix },
  { what: "the same, SWiRL on GSM8K", metric: "judged accuracy", value: 0.68, citation: matrix },
  { what: "the same, SWiRL on HotPotQA", metric: "judged accuracy", value: 0.68, citation: matrix },
  { what: "Gemma-2-27b-it with search (± .025)", metric: "judged accuracy", value: 0.597, citation: intervals },
  { what: "the same, SWiRL (± .024)", metric: "judged accuracy", value: 0.667, citation: intervals },
  { what: "Gemma-2-27b-it with search", metric: "f1", value: 0.47, citation: intervals },
  { what: "the same, SWiRL", metric: "f1", value: 0.561, citation: intervals },
]
