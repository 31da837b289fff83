/** Published numbers to stand beside ours, each with where it is printed. */
import { publishedNumbers, swirlPaper } from "@swirl-ts/bench-kit"
import type { PublishedNumber } from "@swirl-ts/core"
import type { Setting } from "./files.ts"

const matrix = `${swirlPaper}, generalisation matrix, judged accuracy on 300 questions that are not in the dev set`
const intervals = `${swirlPaper}, table with 95 % intervals, 1,500 questions that are not in the dev set`
const rescore =
  "leeds1219/ReSCORE @ f6a968b, test_official_evaluation.json, 500 dev questions; 498 of them can be scored again from public ids"
const hipporag = "HippoRAG 2 (osunlp/HippoRAG_v2), 1,000 dev questions over their 9,811 paragraphs"

const shared: readonly PublishedNumber[] = [
  ...publishedNumbers("Gemma-2-27b-it with search", matrix, { "judged accuracy": 0.65 }),
  ...publishedNumbers("the same, SWiRL on GSM8K", matrix, { "judged accuracy": 0.71 }),
  ...publishedNumbers("the same, SWiRL on HotPotQA", matrix, { "judged accuracy": 0.73 }),
  ...publishedNumbers("Gemma-2-27b-it with search (± .024)", intervals, { "judged accuracy": 0.667 }),
  ...publishedNumbers("the same", intervals, { f1: 0.577 }),
  ...publishedNumbers("the same, SWiRL (± .022)", intervals, { "judged accuracy": 0.747 }),
  ...publishedNumbers("the same, SWiRL", intervals, { f1: 0.678 }),
]

export const references: Record<Setting, readonly PublishedNumber[]> = {
  distractor: [
    ...shared,
    ...publishedNumbers("ReSCORE, hotpotqa", rescore, { em: 0.46, f1: 0.598 }),
    ...publishedNumbers("ReSCORE, hotpot_new", rescore, { em: 0.472, f1: 0.593 }),
    ...publishedNumbers("HippoRAG 2", hipporag, { em: 0.627, f1: 0.755 }),
    ...publishedNumbers("BM25", hipporag, { em: 0.52, f1: 0.634 }),
  ],
  fullwiki: shared,
}
