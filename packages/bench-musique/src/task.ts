/**
 * A task made from one record. Task ids are unique: in files of twins, which share one id, `/answerable` or
 * `/unanswerable` follows it; twins made by this package end in `/synthetic`. Whether a twin is answerable is only ever read from its flag: its answer is filled in.
 */
import { containsAnswer, goldSteps } from "@swirl-ts/bench-kit"
import type { Corpus, GoldStep, Task } from "@swirl-ts/core"
import type { MusiqueRecord } from "./record.ts"

/** The answer that says a question cannot be answered from its passages. */
export const abstention = "unanswerable"

export interface MusiqueTask extends Task {
  /** The id in the file, which is what prediction files name. */
  recordId: string
  /** The answer and its aliases; for a twin that cannot be answered, saying so. */
  acceptedAnswers: readonly string[]
  answerable: boolean
  /** True for twins made by this package: such a set is not MuSiQue-Full. */
  synthetic: boolean
  /** Answers of the single steps, in order; the last one is the answer's own. */
  stepAnswers: readonly string[]
  /** Questions of the single steps, earlier answers put in. A function: records depend on a task's data, and not on these. */
  stepQuestions(): string[]
  supportingTitles: readonly string[]
  corpus: Corpus
  /** Worked examples for the prompt, from the train split; empty unless `shots` are asked for. */
  examples: readonly MusiqueRecord[]
}

export function taskOf(
  record: MusiqueRecord,
  { twins, corpus, examples }: Pick<MusiqueTask, "corpus" | "examples"> & { twins: boolean },
): MusiqueTask {
  const twin = twins ? `/${record.answerable ? "answerable" : "unanswerable"}` : ""
  return {
    id: `${record.id}${twin}${record.synthetic ? "/synthetic" : ""}`,
    recordId: record.id,
    question: record.question,
    answer: record.answer,
    acceptedAnswers: acceptedAnswers(record),
    answerable: record.answerable,
    synthetic: record.synthetic,
    stepAnswers: record.question_decomposition.map((step) => step.answer),
    stepQuestions: () => stepQuestions(record),
    supportingTitles: [...new Set(record.paragraphs.filter((one) => one.is_supporting).map((one) => one.title))],
    corpus,
    examples,
  }
}

function acceptedAnswers({ answerable, answer, answer_aliases }: MusiqueRecord): string[] {
  if (!answerable) return [abstention]
  return answer === undefined ? [] : [answer, ...answer_aliases]
}

/** `#1` in a step stands for the answer of the first. With it, a step is the question of SQuAD or elsewhere that it was made from. */
const stepQuestions = ({ question_decomposition: steps }: MusiqueRecord): string[] =>
  steps.map(({ question }) =>
    question.replace(/#(\d+)/g, (place, number) => steps[Number(number) - 1]?.answer ?? place),
  )

/** The answers on the way, each to be seen in an observation; none for a twin whose passages do not hold them. */
export const goldStepsOf = ({ answerable, stepAnswers }: MusiqueTask): GoldStep[] =>
  goldSteps("gold_step_recall", answerable ? stepAnswers : [], containsAnswer)
