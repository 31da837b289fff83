/** Published numbers to stand beside those of split `test`, each with where it is printed. */
import { publishedNumbers, swirlPaper } from "@swirl-ts/bench-kit"
import type { PublishedNumber } from "@swirl-ts/core"

const matrix = `${swirlPaper}, generalisation matrix, judged accuracy on 300 questions`
const intervals = `${swirlPaper}, table with 95 % intervals, 900 questions`
const authors = "Wu et al., CofCA (ICLR 2025), arXiv 2402.11924, passages given"

export const references: readonly PublishedNumber[] = [
  ...publishedNumbers("Gemma-2-27b-it with search", matrix, { judged_accuracy: 0.54 }),
  ...publishedNumbers("the same, SWiRL on GSM8K", matrix, { judged_accuracy: 0.56 }),
  ...publishedNumbers("the same, SWiRL on HotPotQA", matrix, { judged_accuracy: 0.62 }),
  ...publishedNumbers("Gemma-2-27b-it with search (± .032)", intervals, { judged_accuracy: 0.583, f1: 0.363 }),
  ...publishedNumbers("the same, SWiRL (± .031)", intervals, { judged_accuracy: 0.648, f1: 0.467 }),
  ...publishedNumbers("GPT-4, 2 hops (the same on HotpotQA: .699 EM, .823 F1)", authors, { em: 0.531, f1: 0.628 }),
  ...publishedNumbers("GPT-4, 3 hops (control set: .597)", authors, { em: 0.445 }),
  ...publishedNumbers("GPT-4, 4 hops (control set: .573)", authors, { em: 0.423 }),
]
