/** Options of commands that open a search index. */
import { type Corpus, type PassageIndex, type Skipped, SwirlError, toolServices } from "@swirl-ts/core"
import { counted } from "@swirl-ts/kit"
import { type Command, Option } from "commander"
import { type App, type CommonOptions, dataOption, decimal } from "./app.ts"

export interface RetrieverOptions extends CommonOptions {
  split?: string
  retriever: string
  mode: "text" | "vector" | "hybrid"
  embedder?: string
  textWeight?: number
  vectorWeight?: number
}

export function withRetrieverOptions(command: Command): Command {
  return command
    .addOption(dataOption())
    .addOption(new Option("--split <name>", "of a benchmark (default: its own for evaluation)"))
    .addOption(
      new Option("--retriever <name>", "auto (by size), bm25, lancedb, or one of a plugin")
        .env("SWIRL_RETRIEVER")
        .default("auto"),
    )
    .addOption(
      new Option("--mode <mode>", "what ranks: words (BM25), vectors (--embedder), or both")
        .choices(["text", "vector", "hybrid"])
        .default("text"),
    )
    .addOption(
      new Option("--embedder <name>", "openai:<model>, transformers:<folder or hub name>").env("SWIRL_EMBEDDER"),
    )
    .addOption(new Option("--base-url <url>", "address of an OpenAI-compatible server").env("SWIRL_BASE_URL"))
    .addOption(
      new Option("--text-weight <n>", "weight of the ranking by words, with --mode hybrid (default: 1)").argParser(
        decimal,
      ),
    )
    .addOption(
      new Option("--vector-weight <n>", "weight of the ranking by vectors, with --mode hybrid (default: 1)").argParser(
        decimal,
      ),
    )
}

/** Opens the index and says what the corpus left out when it was read, now or long ago. */
export async function openCorpusIndex(
  app: App,
  corpus: Corpus,
  options: RetrieverOptions,
): Promise<PassageIndex & { skipped: Skipped }> {
  const { registry, host, output, abortSignal } = app
  const { retriever, mode, embedder, textWeight, vectorWeight, baseUrl } = options
  if (mode !== "hybrid" && (textWeight ?? vectorWeight) !== undefined) {
    throw new SwirlError(`--text-weight and --vector-weight weigh the two rankings of --mode hybrid, not ${mode}.`, {
      kind: "usage",
    })
  }
  if (mode === "text" && embedder) output.say(`--mode text ranks by words: ${embedder} is not used.`)
  const chosen = { mode, embedder, textWeight, vectorWeight }
  let told = 0
  const index = await toolServices(registry, host, baseUrl ? { baseUrl } : {}).openRetriever(retriever, corpus, {
    options: Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined)),
    abortSignal,
    onProgress: ({ stage, done, total }) => {
      if (total !== undefined) output.progress({ stage, done, total })
      else if (done - told >= 50_000) {
        told = done
        output.say(`${stage}: ${done}`)
      }
    },
  })
  // Retrievers of plugins may not know; then it is what this process read.
  const skipped = index.skipped ?? corpus.skipped?.() ?? { count: 0, lines: [] }
  const { count, lines } = skipped
  if (count > 0) {
    const what = counted(count, "line that is no passage", "lines that are no passages")
    output.say(`Left out ${what}: ${lines.join("; ")}${count > lines.length ? "; …" : ""}`)
  }
  return Object.assign(index, { skipped })
}
