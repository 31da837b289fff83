/**
 * What a good trajectory retrieves: `gold_step_recall` counts titles of the supporting facts, `gold_sentence_recall` the
 * facts' sentences. Sentences are left out where the question's own paragraphs lack one (most of fullwiki).
 */
import { showsTitle } from "@swirl-ts/bench-kit"
import type { GoldStep } from "@swirl-ts/core"
import { goldSentences, goldTitles, type HotpotqaTask } from "./task.ts"

export function goldSteps(task: Pick<HotpotqaTask, "facts" | "paragraphs">): GoldStep[] {
  const titles = goldTitles(task).map((title): GoldStep => {
    // Facts and paragraphs may write the same title in two Unicode forms.
    const composed = title.normalize("NFC")
    return {
      metric: "gold_step_recall",
      text: title,
      seenIn: ({ text, isError }) => !isError && showsTitle(text.normalize("NFC"), composed),
    }
  })
  const sentences = (goldSentences(task) ?? []).map(
    (sentence): GoldStep => ({
      metric: "gold_sentence_recall",
      text: sentence,
      seenIn: ({ text, isError }) => !isError && text.includes(sentence),
    }),
  )
  return [...titles, ...sentences]
}
