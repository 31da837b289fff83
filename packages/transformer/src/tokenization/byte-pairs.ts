/**
 * Byte-pair encoding: a piece begins as single characters, and neighbours are merged in the order in which the merges were
 * learnt, from the left among equals.
 */
import { type Merges, mergePairs, mergesOf } from "./merges.ts"
import type { Json } from "./part.ts"
import { bytesIn, type CreateTokenModel, type EncodePiece, unknownOf, vocabularyOf } from "./vocabulary.ts"

/** Of words whose ids are remembered. */
const [mostWords, longestWord] = [10_000, 256]

/** What a model does not change. */
interface Learnt {
  settings: Json
  vocabulary: ReadonlyMap<string, number>
  merges: Merges
  unknown?: number
  /** What every character but the first begins with, and what the last ends with. */
  prefix: string
  suffix: string
}

export const bytePairs: CreateTokenModel = (settings) => {
  if (settings.dropout)
    throw new Error(`its model drops merges at random (dropout ${JSON.stringify(settings.dropout)})`)
  const vocabulary = vocabularyOf(settings)
  const prefix = textOf(settings, "continuing_subword_prefix")
  const unknown = unknownOf(settings, vocabulary)
  if (settings.unk_token && unknown === undefined)
    throw new Error(`its unknown token ${JSON.stringify(settings.unk_token)} is not in its vocabulary`)
  const merges = mergesOf(settings.merges ?? [], vocabulary, prefix)
  const learnt = { settings, vocabulary, merges, unknown, prefix, suffix: textOf(settings, "end_of_word_suffix") }
  return { vocabulary, encoder: (hidden) => encoderOf(learnt, hidden) }
}

function encoderOf(learnt: Learnt, hidden: ReadonlySet<string>): EncodePiece {
  const { settings, vocabulary, merges } = learnt
  const idOf = (text: string): number | undefined => (hidden.has(text) ? undefined : vocabulary.get(text))
  const hiddenIds = new Set([...hidden].flatMap((token) => vocabulary.get(token) ?? []))
  const known = new Map<string, readonly number[]>()
  return (word) => {
    const whole = settings.ignore_merges === true ? idOf(word) : undefined
    if (whole !== undefined) return [whole]
    const before = known.get(word)
    if (before) return before
    const ids = mergePairs(charactersOf(word, learnt, idOf), merges, hiddenIds)
    if (known.size >= mostWords) known.clear()
    if (word.length <= longestWord) known.set(word, ids)
    return ids
  }
}

/** An id a character, its bytes where there is none, or the unknown token. What is none of these is left out. */
function charactersOf(word: string, learnt: Learnt, idOf: (text: string) => number | undefined): number[] {
  const { settings, vocabulary, unknown, prefix, suffix } = learnt
  const characters = [...word]
  const ids: number[] = []
  // Unknown ones wait: in a row they may be one, and bytes go before them.
  let waiting: number | undefined
  const flush = (): void => {
    if (waiting !== undefined) ids.push(waiting)
    waiting = undefined
  }
  characters.forEach((character, at) => {
    const text = `${at > 0 ? prefix : ""}${character}${at === characters.length - 1 ? suffix : ""}`
    const id = idOf(text)
    const bytes = id === undefined && settings.byte_fallback === true ? bytesIn(vocabulary, text) : undefined
    if (bytes) ids.push(...bytes)
    else if (id !== undefined) {
      flush()
      ids.push(id)
    } else if (unknown !== undefined) {
      if (settings.fuse_unk !== true) flush()
      waiting = unknown
    }
  })
  flush()
  return ids
}

function textOf(settings: Json, name: string): string {
  const value = settings[name] ?? ""
  if (typeof value !== "string") throw new Error(`its ${name} is ${JSON.stringify(value)}`)
  return value
}
