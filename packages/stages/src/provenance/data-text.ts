/** What of a value is data, as text: fields in order of their names, without what only a program can read. */
import type { Task } from "@swirl-ts/core"

/** Objects with functions or getters, such as a corpus, are left out: reading them may mean reading a library. */
export function dataText(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === "bigint") return String(inner)
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner
    const fields = Object.entries(Object.getOwnPropertyDescriptors(inner))
    if (fields.some(([, { value: field, get }]) => get !== undefined || typeof field === "function")) return undefined
    return Object.fromEntries(
      fields
        .map(([name, { value: field }]) => [name, field as unknown] as const)
        .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
    )
  })
}

/** A task as its benchmark read it; where that is no JSON, what every task has. */
export function taskText(task: Task): string {
  const { id, question, answer, acceptedAnswers } = task
  try {
    // The task's own functions, where it has some, are no reason to leave its data out.
    const data = Object.entries(task).filter(([, field]) => typeof field !== "function")
    return dataText(data.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
  } catch {
    return JSON.stringify([id, question, answer, acceptedAnswers])
  }
}
