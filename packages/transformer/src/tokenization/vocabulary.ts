/** What every model of a tokenizer has: tokens with their ids, and a way from a piece of text to ids. */
import type { Json } from "./part.ts"

/** Ids of a piece that is not empty. */
export type EncodePiece = (piece: string) => readonly number[]

interface TokenModel {
  /** Ids by token. */
  vocabulary: ReadonlyMap<string, number>
  /** What encodes pieces, none of which becomes one of the `hidden` tokens. */
  encoder(hidden: ReadonlySet<string>): EncodePiece
}

export type CreateTokenModel = (settings: Json) => TokenModel

/** The setting `vocab` where it is a mapping. */
export function vocabularyOf({ vocab }: Json): Map<string, number> {
  if (typeof vocab !== "object" || vocab === null || Array.isArray(vocab))
    throw new Error("its model has no vocabulary (vocab)")
  const vocabulary = new Map<string, number>()
  for (const [token, id] of Object.entries(vocab as Readonly<Record<string, unknown>>)) {
    if (typeof id !== "number" || !Number.isInteger(id) || id < 0)
      throw new Error(`its vocabulary gives ${JSON.stringify(token)} the id ${JSON.stringify(id)}`)
    vocabulary.set(token, id)
  }
  return vocabulary
}

/** The id of the setting `unk_token`, where there is one. */
export function unknownOf({ unk_token }: Json, vocabulary: ReadonlyMap<string, number>): number | undefined {
  if (typeof unk_token !== "string") return undefined
  return vocabulary.get(unk_token)
}

export function noSuchToken(piece: string): never {
  throw new Error(`${JSON.stringify(piece)} is not in the vocabulary, and there is no unknown token.`)
}

const encoder = new TextEncoder()

/** The single bytes of a text, `<0x0A>`, if the vocabulary has all of them. */
export function bytesIn(vocabulary: ReadonlyMap<string, number>, text: string): readonly number[] | undefined {
  const ids = Array.from(encoder.encode(text), (byte) =>
    vocabulary.get(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`),
  )
  return ids.includes(undefined) ? undefined : (ids as number[])
}
