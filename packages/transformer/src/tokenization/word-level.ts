/** A piece is a token as it is, or the unknown one. */
import { type CreateTokenModel, noSuchToken, unknownOf, vocabularyOf } from "./vocabulary.ts"

export const wordLevel: CreateTokenModel = (settings) => {
  const vocabulary = vocabularyOf(settings)
  const unknown = unknownOf(settings, vocabulary)
  return {
    vocabulary,
    encoder: (hidden) => (piece) => [
      (hidden.has(piece) ? undefined : vocabulary.get(piece)) ?? unknown ?? noSuchToken(piece),
    ],
  }
}
