/**
 * Which question a sample is of: its task's id, and the hash of the text where the record says it. One id may name another
 * question in another file (ids are row numbers in some benchmarks), and one question may have several samples (epochs).
 */
import type { EvalSample } from "./records.ts"

export type QuestionOfSample = Pick<EvalSample, "taskId" | "questionHash">

export interface AskedQuestion<Sample extends QuestionOfSample> extends QuestionOfSample {
  samples: Sample[]
}

/** Where one of the two records is of before the hash was written, the id is all there is. */
export const isSameQuestion = (a: QuestionOfSample, b: QuestionOfSample): boolean =>
  a.taskId === b.taskId &&
  (a.questionHash === undefined || b.questionHash === undefined || a.questionHash === b.questionHash)

/** The samples of one cell by question, in the order in which each question was first seen. */
export function byQuestion<Sample extends QuestionOfSample>(samples: Iterable<Sample>): AskedQuestion<Sample>[] {
  const byId = new Map<string, AskedQuestion<Sample>[]>()
  const all: AskedQuestion<Sample>[] = []
  for (const sample of samples) {
    const { taskId, questionHash } = sample
    const sameId = byId.get(taskId) ?? []
    byId.set(taskId, sameId)
    let question = sameId.find((each) => isSameQuestion(each, sample))
    if (!question) {
      question = { taskId, questionHash, samples: [] }
      sameId.push(question)
      all.push(question)
    }
    question.questionHash ??= questionHash
    question.samples.push(sample)
  }
  return all
}

/** The scores of one cell, and in `asked` the number of each one's question; samples without a score are left out. */
export function scoresByQuestion<Sample extends QuestionOfSample>(
  samples: Iterable<Sample>,
  scoreOf: (sample: Sample) => number | undefined,
): { scores: number[]; asked: number[] } {
  const scores: number[] = []
  const asked: number[] = []
  for (const [number, question] of byQuestion(samples).entries()) {
    for (const sample of question.samples) {
      const score = scoreOf(sample)
      if (score === undefined) continue
      scores.push(score)
      asked.push(number)
    }
  }
  return { scores, asked }
}
