/**
 * What tools and retrievers may ask of the house, by name. An embedder is opened once, whoever asks for it, and so is the
 * index of one corpus by one retriever with the same options; whoever made the services closes them, and all of these.
 */
import type { Corpus } from "../contracts/corpus.ts"
import type { Embedder, EmbedderOptions } from "../contracts/embedder.ts"
import type { Host } from "../contracts/model.ts"
import type { RetrieverContext, ToolServices } from "../contracts/retriever.ts"
import { errorMessage, SwirlError } from "../errors.ts"
import { canonicalJson } from "../hash.ts"
import { createOpenIndexes } from "./open-indexes.ts"
import { callPluginFor, whoseIs } from "./plugin-calls.ts"
import type { Registry } from "./registry.ts"

export interface OpenToolServices extends ToolServices {
  /** To be called when nothing searches any more. Never throws: what cannot be closed is said to the host's log. */
  close(): Promise<void>
}

/** Indexes that are open at once: a benchmark may have a small corpus for each task. */
const capacity = 256

/** `options` are for embedders. Unknown names are usage errors. */
export function toolServices(registry: Registry, host: Host, options: EmbedderOptions = {}): OpenToolServices {
  const embedders = new Map<string, Promise<Embedder>>()
  const indexes = createOpenIndexes(capacity)
  let closed = false
  const openEmbedder: ToolServices["openEmbedder"] = async (name) => {
    if (closed) throw new SwirlError(`The embedder ${name} was closed with the command that opened it.`)
    const known = embedders.get(name)
    if (known) return known
    const opened = embedderNamed(registry, host, name, options)
    embedders.set(name, opened)
    opened.catch(() => embedders.delete(name))
    return opened
  }
  return {
    host,
    openEmbedder,
    async openRetriever(name: string, corpus: Corpus, context: RetrieverContext = {}) {
      const retriever = registry.resolve("retrievers", name)
      const { value, fullName } = retriever
      const { abortSignal, ...shared } = { host, openEmbedder, ...context }
      return indexes.get({
        key: canonicalJson([fullName, corpus.id, context.options]),
        open: (stoppable) =>
          callPluginFor("passage index", { whose: whoseIs(retriever), what: "open", ...stoppable }, () =>
            value.open(corpus, { ...shared, ...stoppable }),
          ),
        abortSignal,
      })
    },
    async close() {
      closed = true
      await indexes.close()
      for (const [name, opened] of embedders) {
        // What could not be opened was said to the caller.
        const embedder = await opened.catch(() => undefined)
        embedders.delete(name)
        await embedder?.close?.().catch((error) => {
          host.log(`The embedder ${name} could not be closed: ${errorMessage(error)}`)
        })
      }
    },
  }
}

async function embedderNamed(
  registry: Registry,
  host: Host,
  name: string,
  options: EmbedderOptions,
): Promise<Embedder> {
  const colon = name.indexOf(":")
  if (colon < 1 || colon === name.length - 1) {
    const providers = registry.list("embedders").map((entry) => `${entry.name}:…`)
    throw new SwirlError(
      `"${name}" does not name an embedder. Write provider and model, one of: ${providers.join(", ") || "none loaded"}.`,
      { kind: "usage" },
    )
  }
  const provider = registry.resolve("embedders", name.slice(0, colon))
  return callPluginFor("embedder", { whose: whoseIs(provider), what: "open" }, () =>
    provider.value.open(name.slice(colon + 1), options, host),
  )
}
