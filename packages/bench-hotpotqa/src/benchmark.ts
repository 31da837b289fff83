/** HotpotQA behind the Benchmark contract, in either setting. */
import { download, type HostFile, hotpotAnswer } from "@swirl-ts/bench-kit"
import type { Benchmark, Metrics } from "@swirl-ts/core"
import { z } from "zod"
import { officialFiles, type Setting, type Split, splits } from "./files.ts"
import { goldSteps } from "./gold-steps.ts"
import { loadTasks } from "./load.ts"
import { promptOf } from "./prompt.ts"
import { references } from "./references.ts"
import { scoreFiles } from "./score-files.ts"
import { goldTitles, type HotpotqaTask } from "./task.ts"

export const OptionsSchema = z.strictObject({
  /** Worked examples before each question; the paper shows none. */
  shots: z.int().min(0).max(100).default(0),
  /** Only questions of these levels. */
  levels: z
    .array(z.enum(["easy", "medium", "hard"]))
    .min(1)
    .optional(),
  /** A file of `{title, text}` records to search in place of the split's own paragraphs. */
  corpus: z.string().min(1).optional(),
})
export interface BenchmarkOptions extends z.input<typeof OptionsSchema> {
  /** Where the splits are when no `--data` is given. */
  files?: Partial<Record<Split, HostFile>>
}

const descriptions: Record<Setting, string> = {
  distractor: "Questions over two Wikipedia paragraphs among ten (Yang et al. 2018), distractor setting.",
  fullwiki: "HotpotQA, fullwiki setting: the paragraphs are what the authors' retriever found in all of Wikipedia.",
}

export function createBenchmark(
  setting: Setting,
  { shots = 0, levels, corpus, files = officialFiles[setting] }: BenchmarkOptions = {},
): Benchmark<HotpotqaTask> {
  return {
    description: descriptions[setting],
    license: "CC BY-SA 4.0",
    splits: splits[setting],
    evaluationSplit: "dev",
    tools: [{ name: "search" }],
    limits: { toolCalls: 5, steps: 7, stepTokens: 512, trajectoryTokens: 8192 },
    primaryMetric: "em",
    references: references[setting],
    load: (split, options) => loadTasks(split, options, { setting, shots, levels, corpus, files }),
    prompt: promptOf,
    corpus: (task) => task.corpus,
    goldSteps,
    score(task, answer): Metrics {
      if (task.answer === undefined) return {}
      return answer === undefined ? { em: 0, f1: 0, prec: 0, recall: 0 } : { ...hotpotAnswer(answer, task.answer) }
    },
    retrieval: { goldTitles },
    files: {
      async fetch(host) {
        const paths: string[] = []
        for (const split of splits[setting]) {
          const file = files[split]
          if (file) paths.push(await download(file, host))
        }
        return { files: paths }
      },
      score: scoreFiles,
    },
  }
}
