/** Every question once, by a number: samples with the same one can be paired. One id may name another question elsewhere. */
import type { TaskReference } from "@swirl-ts/core"
import { type ColumnWriter, columnWriter } from "./columns.ts"

interface AskedQuestion extends TaskReference {
  /** Absent where only a score is on record. */
  question?: string
  /** `contentHash` of the text, where that is. */
  hash?: string
}

export interface QuestionBook {
  readonly starts: readonly number[]
  readonly count: number
  numberOf(asked: AskedQuestion, reference?: readonly string[]): Promise<number>
  /** Its id. */
  taskOf(question: number): string
  end(): Promise<void>
}

interface QuestionRow {
  task: string
  benchmark: string
  split: string
  text: string
  reference: string | null
}

/** Characters that are shown of a question, and of what is right, where it is browsed. */
const longest = 200

export function questionBook(folder: string): QuestionBook {
  const writer: ColumnWriter<QuestionRow> = columnWriter(folder, "questions", ["task", "benchmark", "split", "text"])
  const numbers = new Map<string, { hash?: string; number: number }[]>()
  const tasks: string[] = []
  return {
    get starts() {
      return writer.starts
    },
    get count() {
      return writer.count
    },
    async numberOf({ benchmark, split, taskId, question = "", hash }, reference) {
      const key = `${benchmark}\n${split}\n${taskId}`
      const known = numbers.get(key) ?? []
      numbers.set(key, known)
      const same = known.find((each) => each.hash === undefined || hash === undefined || each.hash === hash)
      if (same) {
        same.hash ??= hash
        return same.number
      }
      const number = writer.count
      known.push({ hash, number })
      tasks.push(taskId)
      await writer.add({
        task: taskId,
        benchmark,
        split,
        text: shortened(question, longest),
        reference: reference?.length ? shortened(reference.join(" | "), longest) : null,
      })
      return number
    },
    taskOf: (question) => tasks[question]!,
    end: writer.end,
  }
}

/** The beginning, with blanks as one. */
export function shortened(text: string, most: number): string {
  const line = text
    .slice(0, 4 * most)
    .replace(/\s+/g, " ")
    .trim()
  return line.length > most || text.length > 4 * most ? `${line.slice(0, most - 1).toWellFormed()}…` : line
}
