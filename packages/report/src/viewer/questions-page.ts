/** A page of questions: what was asked, each question once, whoever answered it; columns of one length. */
export interface QuestionsPage {
  start: number
  /** Id of the task. */
  task: string[]
  /** Full name of the benchmark, and the split. */
  benchmark: string[]
  split: string[]
  /** At most 200 characters; the whole text is in the trajectory. */
  text: string[]
  /** What counts as right, at most 200 characters; null where it is not known. Absent where it is of none. */
  reference?: (string | null)[]
}
