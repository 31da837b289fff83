/** The run that is shown: its summary at once, its samples when a view first needs them, then for good. */
import { signal } from "@preact/signals"
import type { SampleGroup, SummaryPage } from "../../src/viewer/summary-page.ts"
import {
  addQuestions,
  addSamples,
  type QuestionColumns,
  questionColumns,
  type SampleColumns,
  sampleColumns,
} from "./columns.ts"
import { loadPage } from "./pages.ts"

export interface Run {
  summary: SummaryPage
  samples: SampleColumns
  questions: QuestionColumns
}

export function openRun(summary: SummaryPage): Run {
  const { pages } = summary
  return { summary, samples: sampleColumns(pages.samples.count), questions: questionColumns(pages.questions.count) }
}

/** Samples that have come so far; all of them, and then their questions are there too, when `isWhole`. */
export const progress = signal({ samples: 0, isWhole: false })
export const failure = signal<string | undefined>(undefined)

const atOnce = 6
let begun: Promise<void> | undefined

/** Every page of questions and samples, a few at a time, so that the page stays alive. */
export function loadSamples({ summary, samples, questions }: Run): Promise<void> {
  begun ??= all()
  return begun

  async function all(): Promise<void> {
    const { folder } = summary.pages
    const tasks = [
      ...summary.pages.questions.starts.map((_, number) => async () => {
        addQuestions(questions, await loadPage(folder, "questions", number))
      }),
      ...summary.pages.samples.starts.map((_, number) => async () => {
        const page = await loadPage(folder, "samples", number)
        addSamples(samples, page)
        progress.value = { ...progress.value, samples: progress.value.samples + page.key.length }
      }),
    ]
    const next = async (): Promise<void> => {
      for (let task = tasks.shift(); task; task = tasks.shift()) await task()
    }
    try {
      await Promise.all(Array.from({ length: atOnce }, next))
      progress.value = { samples: samples.count, isWhole: true }
    } catch (error) {
      failure.value = (error as Error).message
    }
  }
}

let byKey: Map<string, number> | undefined

/** Number of the sample of that key; undefined where there is none. Asked when all samples are there. */
export function sampleOf({ samples }: Run, key: string): number | undefined {
  // As links have them: half a surrogate pair is in no link.
  byKey ??= new Map(samples.key.map((each, number) => [each.toWellFormed(), number]))
  return byKey.get(key.toWellFormed())
}

export const groupOf = ({ summary, samples }: Run, sample: number): SampleGroup =>
  summary.groups[samples.group[sample]!]!

export const cellOf = ({ summary }: Run, group: SampleGroup): string => summary.cells[group.cell]!.name
