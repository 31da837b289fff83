/** Published numbers to stand beside those of split `test`, each with where it is printed. */
import type { PublishedNumber } from "@swirl-ts/core"

const paper =
  "Goldie et al., Synthetic Data Generation and Multi-Step Reinforcement Learning (SWiRL), arXiv 2504.04736 v2"
const matrix = `${paper}, generalisation matrix, judged accuracy on 300 questions`
const intervals = `${paper}, table with 95 % intervals, 900 questions`
const authors = "Wu et al., CofCA (ICLR 2025), arXiv 2402.11924, passages given"

const row = (what: string, citation: string, values: Readonly<Record<string, number>>): PublishedNumber[] =>
  Object.entries(values).map(([metric, value]) => ({ what, metric, value, citation }))

export const references: readonly PublishedNumber[] = [
  ...row("Gemma-2-27b-it with search", matrix, { judged_accuracy: 0.54 }),
  ...row("the same, SWiRL on GSM8K", matrix, { judged_accuracy: 0.56 }),
  ...row("the same, SWiRL on HotPotQA", matrix, { judged_accuracy: 0.62 }),
  ...row("Gemma-2-27b-it with search (± .032)", intervals, { judged_accuracy: 0.583, f1: 0.363 }),
  ...row("the same, SWiRL (± .031)", intervals, { judged_accuracy: 0.648, f1: 0.467 }),
  ...row("GPT-4, 2 hops (the same on HotpotQA: .699 EM, .823 F1)", authors, { em: 0.531, f1: 0.628 }),
  ...row("GPT-4, 3 hops (control set: .597)", authors, { em: 0.445 }),
  ...row("GPT-4, 4 hops (control set: .573)", authors, { em: 0.423 }),
]
