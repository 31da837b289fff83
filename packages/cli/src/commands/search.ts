import { openCorpus } from "@swirl-ts/stages"
import type { Command } from "commander"
import { openApp, positive, withCommonOptions } from "../app.ts"
import { openCorpusIndex, type RetrieverOptions, withRetrieverOptions } from "../retriever-options.ts"

interface SearchOptions extends RetrieverOptions {
  count: number
}

/** Characters of a passage that people see; `--json` has all of it. */
const shown = 240

export function registerSearch(program: Command): void {
  withRetrieverOptions(
    withCommonOptions(
      program
        .command("search")
        .description("ranked passages with their scores")
        .argument("<corpus>", 'a file of {"title", "text"} lines, or a benchmark')
        .argument("<query>", "what to look for")
        .option("-k, --count <n>", "passages", positive, 10),
    ),
  ).action(async (name: string, query: string, options: SearchOptions) => {
    const app = await openApp(options)
    const corpus = await openCorpus(app.context, name, options.split)
    const index = await openCorpusIndex(app, corpus, options)
    const began = performance.now()
    const found = await index.search(query, options.count, { abortSignal: app.abortSignal })
    const milliseconds = performance.now() - began
    await index.close?.()
    const passages = found.map(({ title, text, index: place, score }, i) => ({
      rank: i + 1,
      index: place,
      score,
      title,
      text,
    }))
    app.output.say(`${index.description ?? options.retriever}; ${milliseconds.toFixed(1)} ms`)
    app.output.result(
      { corpus: corpus.id, size: index.size, skipped: index.skipped.count, query, milliseconds, passages },
      passages.length === 0
        ? `No passage matches "${query}".`
        : passages.map(({ rank, score, title, text }) => {
            const line = `${title}: ${text}`.replace(/\s+/g, " ")
            return `${String(rank).padStart(3)}  ${score.toFixed(4)}  ${line.length > shown ? `${line.slice(0, shown)}…` : line}`
          }),
    )
  })
}
