/** Published numbers to stand beside ours, each with where it is printed. */
import { publishedNumbers, swirlPaper } from "@swirl-ts/bench-kit"
import type { PublishedNumber } from "@swirl-ts/core"

const matrix = `${swirlPaper}, generalisation matrix, judged accuracy on 300 questions`
const intervals = `${swirlPaper}, table with 95 % intervals, 1,500 questions`

export const references: readonly PublishedNumber[] = [
  ...publishedNumbers("Gemma-2-27b-it with search", matrix, { "judged accuracy": 0.59 }),
  ...publishedNumbers("the same, SWiRL on GSM8K", matrix, { "judged accuracy": 0.68 }),
  ...publishedNumbers("the same, SWiRL on HotPotQA", matrix, { "judged accuracy": 0.68 }),
  ...publishedNumbers("Gemma-2-27b-it with search (± .025)", intervals, { "judged accuracy": 0.597 }),
  ...publishedNumbers("the same, SWiRL (± .024)", intervals, { "judged accuracy": 0.667 }),
  ...publishedNumbers("Gemma-2-27b-it with search", intervals, { f1: 0.47 }),
  ...publishedNumbers("the same, SWiRL", intervals, { f1: 0.561 }),
]
