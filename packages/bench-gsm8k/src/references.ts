/** Published numbers to stand beside ours, each with where it is printed. */
import type { PublishedNumber } from "@swirl-ts/core"

const paper =
  "Goldie et al., Synthetic Data Generation and Multi-Step Reinforcement Learning (SWiRL), arXiv 2504.04736 v2"
const matrix = `${paper}, generalisation matrix, judged accuracy on 300 questions`
const intervals = `${paper}, table with 95 % intervals, judged accuracy on 1,500 questions`
const samples =
  "Cobbe et al. 2021, sample solutions in openai/grade-school-math @ 3101c7d, example_model_solutions.jsonl: stored is_correct flags over the 1,319 test questions"

export const references: readonly PublishedNumber[] = [
  { what: "Gemma-2-27b-it with calculator", metric: "accuracy", value: 0.65, citation: matrix },
  { what: "the same, SWiRL on GSM8K", metric: "accuracy", value: 0.79, citation: matrix },
  { what: "the same, SWiRL on HotPotQA", metric: "accuracy", value: 0.76, citation: matrix },
  { what: "Gemma-2-27b-it with calculator (± .024)", metric: "accuracy", value: 0.685, citation: intervals },
  { what: "the same, SWiRL (± .021)", metric: "accuracy", value: 0.765, citation: intervals },
  { what: "GPT-3 6B, fine-tuned", metric: "official", value: 286 / 1319, citation: samples },
  { what: "GPT-3 6B, verification", metric: "official", value: 515 / 1319, citation: samples },
  { what: "GPT-3 175B, fine-tuned", metric: "official", value: 458 / 1319, citation: samples },
  { what: "GPT-3 175B, verification", metric: "official", value: 742 / 1319, citation: samples },
]
