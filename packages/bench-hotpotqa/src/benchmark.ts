/** HotpotQA behind the Benchmark contract, in either setting. */
import { download, type HostFile, hotpotAnswer } from "@swirl-ts/bench-kit"
import type { Benchmark, Metrics } from "@swirl-ts/core"
import { officialFiles, type Setting, type Split, splits } from "./files.ts"
import { goldSteps } from "./gold-steps.ts"
import { loadTasks } from "./load.ts"
import { promptOf } from "./prompt.ts"
import { references } from "./references.ts"
import { scoreFiles } from "./score-files.ts"
import { goldTitles, type HotpotTask } from "./task.ts"

export interface BenchmarkSettings {
  /** Worked examples before each question, from the first records of train; a question is never its own example. */
  shots?: number | undefined
  /** Only questions of these levels; records without a level stay. The paper trains without `easy`. */
  levels?: readonly ("easy" | "medium" | "hard")[] | undefined
  /** A file of `{title, text}` records to search in place of the split's own paragraphs, relative to the working directory. */
  corpus?: string | undefined
  /** Where the splits are when no `--data` is given. */
  files?: Partial<Record<Split, HostFile>> | undefined
}

const descriptions: Record<Setting, string> = {
  distractor: "Questions over two Wikipedia paragraphs among ten (Yang et al. 2018), distractor setting.",
  fullwiki: "HotpotQA, fullwiki setting: the paragraphs are what the authors' retriever found in all of Wikipedia.",
}

export function hotpotBenchmark(setting: Setting, settings: BenchmarkSettings = {}): Benchmark<HotpotTask> {
  const { shots = 0, levels, corpus, files = officialFiles[setting] } = settings
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
