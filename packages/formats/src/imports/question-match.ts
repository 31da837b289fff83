/**
 * Which task of a benchmark a logged question is, by its text: the question as the log has it, the user's turn, or a paragraph
 * of that, since a template may stand around it. Blanks and case do not matter; everything else does.
 */
import { benchmarkTasks, contentHash, type Entry, type Host, type Task } from "@swirl-ts/core"

export interface MatchedTask {
  split: string
  task: Task
}

/** Texts that may be the question, the likeliest first. */
export function questionTexts(texts: readonly (string | undefined)[]): string[] {
  const whole = texts.filter((text): text is string => text !== undefined && text !== "")
  const parts = whole.flatMap((text) => [...text.split(/\n\s*\n/), ...text.split("\n")])
  const unmarked = parts.map((part) => part.replace(/^\s*(question|q|problem|task)\s*:\s*/i, ""))
  return [...whole, ...parts, ...unmarked]
}

/** One text for all spellings that are the same question. */
export const questionKey = (text: string): string =>
  contentHash(text.normalize("NFC").toLowerCase().replace(/\s+/g, " ").trim(), 32)

/** The tasks whose question is among `keys`, by that. The first of two with one question goes. */
export async function matchingTasks(
  benchmark: Entry<"benchmarks">,
  keys: ReadonlySet<string>,
  { split, host, dataPath, abortSignal }: { split?: string; host: Host; dataPath?: string; abortSignal?: AbortSignal },
): Promise<Map<string, MatchedTask>> {
  const found = new Map<string, MatchedTask>()
  for (const name of split === undefined ? benchmark.value.splits : [split]) {
    for await (const task of benchmarkTasks<Task>(benchmark, name, { host, dataPath, abortSignal })) {
      const key = questionKey(task.question)
      if (keys.has(key) && !found.has(key)) found.set(key, { split: name, task })
    }
  }
  return found
}
