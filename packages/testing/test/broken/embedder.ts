import type { Embedder, EmbedderProvider } from "@swirl-ts/core"
import { samplePassages, sampleEmbedder as words } from "../../src/data/corpus.ts"
import { embedderChecks } from "../../src/index.ts"
import { brokenExamples } from "./broken.ts"

const embedder = (change: Partial<Embedder> = {}): EmbedderProvider => ({
  description: "counts words",
  open: async () => ({ ...words, ...change }),
})
let opened = 0
const all = samplePassages.length

export const embedderExamples = brokenExamples("embedder", embedderChecks, [embedder()], {
  "is an embedder provider that can be loaded": [{ ...embedder(), description: "" }],
  "says what it is, the same each time it is opened": [
    { description: "counts words", open: async () => ({ ...words, identity: `words ${opened++}` }) },
  ],
  "gives one vector of length 1 a text": [
    embedder({
      embed: async (texts, options) =>
        (await words.embed(texts, options)).map((vector) =>
          options.kind === "query" ? vector.map((value) => 2 * value) : vector,
        ),
    }),
  ],
  "gives vectors in the order of the texts": [
    embedder({
      embed: async (texts, options) => {
        const vectors = await words.embed(texts, options)
        return texts.length === all ? [vectors[1]!, vectors[0]!, ...vectors.slice(2)] : vectors
      },
    }),
  ],
  "tells different texts apart": [
    embedder({
      embed: (texts, options) =>
        words.embed(
          texts.map(() => "the same"),
          options,
        ),
    }),
  ],
  "gives nothing for no texts": [
    embedder({ embed: (texts, options) => words.embed(texts.length === 0 ? ["nothing"] : texts, options) }),
  ],
  "embeds whatever text it is given": [
    embedder({
      embed: async (texts, options) => {
        if (texts.includes("")) throw new Error("an empty text")
        return words.embed(texts, options)
      },
    }),
  ],
  "ends when its signal is aborted": [
    embedder({
      embed: async (texts, options) => {
        if (options.abortSignal) await new Promise((resolve) => setTimeout(resolve, 3_000))
        return words.embed(texts, options)
      },
    }),
  ],
})
