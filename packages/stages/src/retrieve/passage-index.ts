/**
 * Opens the search index of a corpus by what a command asks for, and says what the corpus left out, now or long ago.
 * Closing it closes everything that was opened for it.
 */
import { type Corpus, type PassageIndex, SwirlError, toolServices } from "@swirl-ts/core"
import { counted } from "@swirl-ts/kit"
import type { StageContext } from "../context.ts"

export interface RetrieverRequest {
  retriever: string
  /** Default: the retriever's own. */
  mode?: "text" | "vector" | "hybrid"
  embedder?: string
  textWeight?: number
  vectorWeight?: number
  /** What else it is opened with; the ones above go first. */
  options?: Readonly<Record<string, unknown>>
}

export async function openPassageIndex(
  context: StageContext,
  corpus: Corpus,
  { retriever, mode, embedder, textWeight, vectorWeight, options: others }: RetrieverRequest,
): Promise<Required<PassageIndex>> {
  const { registry, host, abortSignal, onProgress } = context
  if (mode !== "hybrid" && (textWeight ?? vectorWeight) !== undefined) {
    throw new SwirlError(`--text-weight and --vector-weight weigh the two rankings of --mode hybrid, not ${mode}.`, {
      kind: "usage",
    })
  }
  if (mode === "text" && embedder) host.log(`--mode text ranks by words: ${embedder} is not used.`)
  const baseUrl = context.modelOptions?.baseUrl
  const services = toolServices(registry, host, baseUrl ? { baseUrl } : {})
  const chosen = { mode, embedder, textWeight, vectorWeight }
  const options = {
    ...others,
    ...Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined)),
  }
  let index: PassageIndex
  try {
    index = await services.openRetriever(retriever, corpus, { options, abortSignal, onProgress })
  } catch (error) {
    await services.close()
    throw error
  }
  // Retrievers of plugins may not know; then it is what this process read.
  const skipped = index.skipped ?? corpus.skipped?.() ?? { count: 0, lines: [] }
  const { count, lines } = skipped
  if (count > 0) {
    const what = counted(count, "line that is no passage", "lines that are no passages")
    host.log(`Left out ${what}: ${lines.join("; ")}${count > lines.length ? "; …" : ""}`)
  }
  return {
    size: index.size,
    description: index.description ?? retriever,
    skipped,
    search: (query, count, options) => index.search(query, count, options),
    close: services.close,
  }
}
