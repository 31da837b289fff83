/** Published numbers to stand beside ours, each with where it is printed. */
import { publishedNumbers, swirlPaper } from "@swirl-ts/bench-kit"
import type { PublishedNumber } from "@swirl-ts/core"

const matrix = `${swirlPaper}, generalisation matrix, judged accuracy on 300 questions (none of them in dev)`
const intervals = `${swirlPaper}, table with 95 % intervals, 1,500 questions`
const authors = "Trivedi et al. 2022, README of StonyBrookNLP/musique @ 922ac98, dev set, all 20 paragraphs given"
const hippoRag = "HippoRAG 2 (Gutiérrez et al. 2025), 1,000 dev questions over their 11,656 paragraphs"

export const ansReferences: readonly PublishedNumber[] = [
  ...publishedNumbers("Gemma-2-27b-it with search", matrix, { judged_accuracy: 0.45 }),
  ...publishedNumbers("the same, SWiRL on GSM8K", matrix, { judged_accuracy: 0.49 }),
  ...publishedNumbers("the same, SWiRL on HotPotQA", matrix, { judged_accuracy: 0.5 }),
  ...publishedNumbers("Gemma-2-27b-it with search (± .025)", intervals, { judged_accuracy: 0.431, answer_f1: 0.305 }),
  ...publishedNumbers("the same, SWiRL (± .025)", intervals, { judged_accuracy: 0.509, answer_f1: 0.398 }),
  ...publishedNumbers("End2End", authors, { answer_f1: 0.423, support_f1: 0.676 }),
  ...publishedNumbers("Select+Answer", authors, { answer_f1: 0.473, support_f1: 0.723 }),
  ...publishedNumbers("Execution by End2End", authors, { answer_f1: 0.456, support_f1: 0.778 }),
  ...publishedNumbers("Execution by Select+Answer", authors, { answer_f1: 0.497, support_f1: 0.792 }),
  ...publishedNumbers("BM25 and a reader", hippoRag, { answer_em: 0.203, answer_f1: 0.288 }),
  ...publishedNumbers("HippoRAG 2", hippoRag, { answer_em: 0.372, answer_f1: 0.486 }),
]

const full = (what: string, answer: number, support: number, answerGroup: number, supportGroup: number) =>
  publishedNumbers(what, authors, {
    answer_f1: answer,
    support_f1: support,
    group_answer_sufficiency_f1: answerGroup,
    group_support_sufficiency_f1: supportGroup,
  })

export const fullReferences: readonly PublishedNumber[] = [
  ...full("End2End", 0.406, 0.325, 0.22, 0.252),
  ...full("Select+Answer", 0.486, 0.522, 0.344, 0.42),
  ...full("Execution by End2End", 0.463, 0.75, 0.321, 0.447),
  ...full("Execution by Select+Answer", 0.498, 0.777, 0.328, 0.431),
]
