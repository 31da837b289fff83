/**
 * What a good trajectory retrieves. A record's context is its gold paragraphs and nothing else, so each title counts as
 * found by any paragraph of that article (`gold_step_recall`), and each paragraph by itself (`gold_paragraph_recall`).
 */
import { showsTitle } from "@swirl-ts/bench-kit"
import type { GoldStep } from "@swirl-ts/core"
import { type BeerqaTask, goldTitles, passageOf } from "./task.ts"

export function goldSteps({ record }: BeerqaTask): GoldStep[] {
  const titles = goldTitles(record).map(
    (title): GoldStep => ({
      metric: "gold_step_recall",
      text: title,
      seenIn: ({ text, isError }) => !isError && showsTitle(text.normalize(), title.normalize()),
    }),
  )
  const texts = new Set(
    (record.context ?? []).map((paragraph) => passageOf(paragraph).text).filter((text) => text !== ""),
  )
  const paragraphs = [...texts].map(
    (paragraph): GoldStep => ({
      metric: "gold_paragraph_recall",
      text: paragraph,
      seenIn: ({ text, isError }) => !isError && text.normalize().includes(paragraph.normalize()),
    }),
  )
  return [...titles, ...paragraphs]
}
