/** No question is trained on and measured on. Questions are compared as text, whatever their ids say. */
import { SwirlError } from "@swirl-ts/core"

const normalise = (question: string): string => question.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim()

export interface Question {
  id: string
  question: string
}

/** Throws when an evaluation question was trained on, naming the first ones. */
export function assertNoLeak(training: readonly Question[], evaluation: readonly Question[], where: string): void {
  const trained = new Map(training.map(({ id, question }) => [normalise(question), id]))
  const leaks = evaluation.flatMap(({ id, question }) => {
    const source = trained.get(normalise(question))
    return source === undefined ? [] : [`${id} (trained on as ${source})`]
  })
  if (leaks.length === 0) return
  const more = leaks.length > 3 ? ` and ${leaks.length - 3} more` : ""
  throw new SwirlError(
    `${where}: ${leaks.length} evaluation questions were trained on: ${leaks.slice(0, 3).join(", ")}${more}. Measure on another split.`,
  )
}
