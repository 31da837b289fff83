/** A piece is cut into the longest tokens from its beginning on; where that leads nowhere, all of it is unknown. */
import { type CreateTokenModel, noSuchToken, unknownOf, vocabularyOf } from "./vocabulary.ts"

export const wordPiece: CreateTokenModel = (settings) => {
  const { continuing_subword_prefix: prefix = "##", max_input_chars_per_word: longest = 100 } = settings
  const vocabulary = vocabularyOf(settings)
  const unknown = unknownOf(settings, vocabulary)
  const cut = (characters: readonly string[], hidden: ReadonlySet<string>): number[] | undefined => {
    const ids: number[] = []
    for (let start = 0; start < characters.length; ) {
      let id: number | undefined
      let end = characters.length
      for (; end > start; end--) {
        const part = `${start > 0 ? prefix : ""}${characters.slice(start, end).join("")}`
        id = hidden.has(part) ? undefined : vocabulary.get(part)
        if (id !== undefined) break
      }
      if (id === undefined) return undefined
      ids.push(id)
      start = end
    }
    return ids
  }
  return {
    vocabulary,
    encoder: (hidden) => (piece) => {
      const characters = [...piece]
      const ids = characters.length > Number(longest) ? undefined : cut(characters, hidden)
      return ids ?? [unknown ?? noSuchToken(piece)]
    },
  }
}
