/** The part of a tokenizer that knows a vocabulary, of whichever kind it is. */
import { bytePairs } from "./byte-pairs.ts"
import type { Json } from "./part.ts"
import { unigram } from "./unigram.ts"
import type { CreateTokenModel } from "./vocabulary.ts"
import { wordLevel } from "./word-level.ts"
import { wordPiece } from "./word-piece.ts"

const kinds: Readonly<Record<string, CreateTokenModel>> = {
  BPE: bytePairs,
  Unigram: unigram,
  WordPiece: wordPiece,
  WordLevel: wordLevel,
}

/** Which of them, and what makes one. */
export function kindOfModel(settings: Json): { kind: string; create: CreateTokenModel } {
  const kind = `${settings.type ?? guessed(settings)}`
  if (!Object.hasOwn(kinds, kind)) throw new Error(`its model is ${kind}; known are ${Object.keys(kinds).join(", ")}`)
  return { kind, create: kinds[kind]! }
}

/** Old files do not say it. */
function guessed({ vocab, merges, continuing_subword_prefix }: Json): string | undefined {
  if (Array.isArray(vocab)) return "Unigram"
  if (Array.isArray(merges)) return "BPE"
  if (typeof vocab !== "object" || vocab === null) return undefined
  return continuing_subword_prefix === undefined ? "WordLevel" : "WordPiece"
}
