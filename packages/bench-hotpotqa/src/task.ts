/** One question of HotpotQA as a task: its own paragraphs and facts, and the passages of the whole split to search in. */
import { goldSteps, showsTitle } from "@swirl-ts/bench-kit"
import type { Corpus, GoldStep, Task } from "@swirl-ts/core"
import type { HotpotqaRecord } from "./record.ts"

export interface HotpotqaTask extends Task {
  /** `bridge` or `comparison`, where the file says so. */
  type?: string
  /** `easy`, `medium` or `hard`, where the file says so. */
  level?: string
  /** `[title, sentences]` of the question's own paragraphs; in fullwiki the gold ones may be missing. */
  paragraphs: HotpotqaRecord["context"]
  /** `[title, index of the sentence]`; empty where they are hidden. */
  facts: readonly (readonly [string, number])[]
  /** Train records shown before the question; empty unless `shots` are asked for. */
  examples: readonly HotpotqaRecord[]
  corpus: Corpus
}

export function taskOf(
  record: HotpotqaRecord,
  { corpus, examples }: Pick<HotpotqaTask, "corpus" | "examples">,
): HotpotqaTask {
  const { _id, question, answer, type, level, supporting_facts, context } = record
  return {
    id: _id,
    question,
    answer: answer ?? undefined,
    type: type ?? undefined,
    level: level ?? undefined,
    paragraphs: context,
    facts: supporting_facts ?? [],
    examples,
    corpus,
  }
}

/** Titles of the supporting facts, each once, in their order. */
export const goldTitles = ({ facts }: Pick<HotpotqaTask, "facts">): string[] => [
  ...new Set(facts.map(([title]) => title)),
]

/**
 * What a good trajectory retrieves: `gold_step_recall` counts titles of the supporting facts, `gold_sentence_recall` the
 * facts' sentences. Sentences are left out where the question's own paragraphs lack one (most of fullwiki).
 */
export const goldStepsOf = (task: Pick<HotpotqaTask, "facts" | "paragraphs">): GoldStep[] => [
  ...goldSteps("gold_step_recall", goldTitles(task), showsTitle),
  ...goldSteps("gold_sentence_recall", goldSentences(task) ?? [], (observation, sentence) =>
    observation.includes(sentence),
  ),
]

/** The sentences of the facts, each once; undefined unless the question's own paragraphs hold all of them. */
function goldSentences({ facts, paragraphs }: Pick<HotpotqaTask, "facts" | "paragraphs">): string[] | undefined {
  const found = new Set<string>()
  for (const [title, index] of facts) {
    const sentence = paragraphs.find(([name]) => name === title)?.[1][index]?.trim()
    if (!sentence) return undefined
    found.add(sentence)
  }
  return [...found]
}
