/** Published numbers to stand beside ours, each with where it is printed. */
import { publishedNumbers, swirlPaper } from "@swirl-ts/bench-kit"
import type { PublishedNumber } from "@swirl-ts/core"

const matrix = `${swirlPaper}, generalisation matrix, judged accuracy on 300 questions`
const intervals = `${swirlPaper}, table with 95 % intervals, judged accuracy on 1,500 questions`
const samples =
  "Cobbe et al. 2021, sample solutions in openai/grade-school-math @ 3101c7d, example_model_solutions.jsonl: stored is_correct flags over the 1,319 test questions"

export const references: readonly PublishedNumber[] = [
  ...publishedNumbers("Gemma-2-27b-it with calculator", matrix, { accuracy: 0.65 }),
  ...publishedNumbers("the same, SWiRL on GSM8K", matrix, { accuracy: 0.79 }),
  ...publishedNumbers("the same, SWiRL on HotPotQA", matrix, { accuracy: 0.76 }),
  ...publishedNumbers("Gemma-2-27b-it with calculator (± .024)", intervals, { accuracy: 0.685 }),
  ...publishedNumbers("the same, SWiRL (± .021)", intervals, { accuracy: 0.765 }),
  ...publishedNumbers("GPT-3 6B, fine-tuned", samples, { official: 286 / 1319 }),
  ...publishedNumbers("GPT-3 6B, verification", samples, { official: 515 / 1319 }),
  ...publishedNumbers("GPT-3 175B, fine-tuned", samples, { official: 458 / 1319 }),
  ...publishedNumbers("GPT-3 175B, verification", samples, { official: 742 / 1319 }),
]
