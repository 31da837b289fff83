/** Published numbers to stand beside ours, each with where it is printed. */
import type { PublishedNumber } from "@swirl-ts/core"

const paper =
  "Goldie et al., Synthetic Data Generation and Multi-Step Reinforcement Learning (SWiRL), arXiv 2504.04736 v2"
const matrix = `${paper}, generalisation matrix, judged accuracy on 300 questions that are not in the dev set`
const intervals = `${paper}, table with 95 % intervals, 1,500 questions that are not in the dev set`
const rescore =
  "leeds1219/ReSCORE @ f6a968b, test_official_evaluation.json, 500 dev questions; 498 of them can be scored again from public ids"
const hipporag = "HippoRAG 2 (osunlp/HippoRAG_v2), 1,000 dev questions over their 9,811 paragraphs"

/** Of both settings. */
const shared: PublishedNumber[] = [
  { what: "Gemma-2-27b-it with search", metric: "judged accuracy", value: 0.65, citation: matrix },
  { what: "the same, SWiRL on GSM8K", metric: "judged accuracy", value: 0.71, citation: matrix },
  { what: "the same, SWiRL on HotPotQA", metric: "judged accuracy", value: 0.73, citation: matrix },
  { what: "Gemma-2-27b-it with search (± .024)", metric: "judged accuracy", value: 0.667, citation: intervals },
  { what: "the same", metric: "f1", value: 0.577, citation: intervals },
  { what: "the same, SWiRL (± .022)", metric: "judged accuracy", value: 0.747, citation: intervals },
  { what: "the same, SWiRL", metric: "f1", value: 0.678, citation: intervals },
]

export const references: Record<"distractor" | "fullwiki", readonly PublishedNumber[]> = {
  distractor: [
    ...shared,
    { what: "ReSCORE, hotpotqa", metric: "em", value: 0.46, citation: rescore },
    { what: "ReSCORE, hotpotqa", metric: "f1", value: 0.598, citation: rescore },
    { what: "ReSCORE, hotpot_new", metric: "em", value: 0.472, citation: rescore },
    { what: "ReSCORE, hotpot_new", metric: "f1", value: 0.593, citation: rescore },
    { what: "HippoRAG 2", metric: "em", value: 0.627, citation: hipporag },
    { what: "HippoRAG 2", metric: "f1", value: 0.755, citation: hipporag },
    { what: "BM25", metric: "em", value: 0.52, citation: hipporag },
    { what: "BM25", metric: "f1", value: 0.634, citation: hipporag },
  ],
  fullwiki: shared,
}
