/** A few passages, no two about the same, and an embedder that knows their words. */
import type { Corpus, Embedder, Passage } from "@swirl-ts/core"

export const samplePassages: readonly Passage[] = [
  { title: "Oslo", text: "Oslo is the capital of Norway and lies at the end of a long fjord." },
  { title: "Henrik Ibsen", text: "Henrik Ibsen wrote the play Hedda Gabler, first performed in Munich." },
  { title: "Marie Curie", text: "Marie Curie discovered radium and polonium and won two prizes." },
  { title: "Volcano", text: "A volcano is a rupture in a crust through which lava and ash escape." },
  { title: "Bicycle", text: "A bicycle has two wheels, pedals and a chain that drives them." },
  { title: "Honey bee", text: "The honey bee dances to show others where nectar was found." },
  { title: "Letters of many scripts", text: "Ω≈ç 漢字 العربية and emoji 👩‍👩‍👧 stand in this passage." },
  { title: "", text: "A passage without a title, about glaciers that move slowly downhill." },
]

/** What each passage is found by: words that stand in no other. */
export const sampleQueries: readonly { query: string; index: number }[] = [
  { query: "capital of Norway fjord", index: 0 },
  { query: "Who wrote the play Hedda Gabler?", index: 1 },
  { query: "radium polonium", index: 2 },
  { query: "lava ash volcano", index: 3 },
  { query: "wheels pedals chain", index: 4 },
  { query: "bee nectar dances", index: 5 },
  { query: "glaciers downhill", index: 7 },
]

export const corpusOf = (id: string, passages: readonly Passage[]): Corpus => ({ id, passages: () => passages })

const dimensions = 64

/** Texts with the same words have the same vector; of length 1. */
export const sampleEmbedder: Embedder = {
  identity: "checked words",
  dimensions,
  embed: async (texts) =>
    texts.map((text) => {
      const vector = new Float32Array(dimensions)
      for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
        let place = 7
        for (const letter of word) place = (place * 31 + letter.codePointAt(0)!) % dimensions
        vector[place]! += 1
      }
      const length = Math.hypot(...vector)
      return length === 0 ? vector.fill(1 / Math.sqrt(dimensions)) : vector.map((value) => value / length)
    }),
}
