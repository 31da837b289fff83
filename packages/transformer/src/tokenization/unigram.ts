/** Tokens with scores: a piece becomes those of the highest sum (Viterbi). What no token covers is unknown, or its bytes. */
import type { Json } from "./part.ts"
import { bytesIn, type CreateTokenModel, noSuchToken } from "./vocabulary.ts"

/** How much less than the worst token a character is worth that is none. */
const unknownPenalty = 10

/** Of a trie over characters. */
interface Node {
  next: Map<string, Node>
  token?: { text: string; id: number; score: number }
}

/** The best way to a place of the piece. */
interface Path {
  score: number
  start: number
  isUnknown: boolean
}

export const unigram: CreateTokenModel = (settings) => {
  const tokens = tokensOf(settings)
  const { unk_id: unknown, byte_fallback } = settings
  if (typeof unknown === "number" && !tokens[unknown])
    throw new Error(`its unknown token has the id ${unknown}, which is not in its vocabulary`)
  const vocabulary = new Map(tokens.map(([token], id) => [token, id]))
  const unknownScore = tokens.reduce((least, [, score]) => Math.min(least, score), Infinity) - unknownPenalty
  const root: Node = { next: new Map() }
  for (const [text, id] of vocabulary) insert(root, { text, id, score: tokens[id]![1] })

  const bestPaths = (characters: readonly string[], hidden: ReadonlySet<string>): (Path | undefined)[] => {
    const paths: (Path | undefined)[] = new Array(characters.length + 1)
    paths[0] = { score: 0, start: 0, isUnknown: false }
    const offer = (start: number, end: number, own: number, isUnknown: boolean): void => {
      const score = own + paths[start]!.score
      const known = paths[end]
      if (known === undefined || score > known.score) paths[end] = { score, start, isUnknown }
    }
    for (let start = 0; start < characters.length; start++) {
      let hasSingle = false
      let end = start
      for (let node = root.next.get(characters[end]!); node; node = node.next.get(characters[end]!)) {
        end++
        if (!node.token || hidden.has(node.token.text)) continue
        offer(start, end, node.token.score, node.token.id === unknown)
        hasSingle ||= end === start + 1
      }
      if (!hasSingle) offer(start, start + 1, unknownScore, true)
    }
    return paths
  }

  const pieces = (characters: readonly string[], hidden: ReadonlySet<string>): string[] => {
    const paths = bestPaths(characters, hidden)
    const result: string[] = []
    let isRun = false
    for (let end = characters.length; end > 0; ) {
      const { start, isUnknown } = paths[end]!
      const text = characters.slice(start, end).join("")
      // Unknown ones in a row are one.
      result.push(isRun && isUnknown ? text + result.pop()! : text)
      isRun = isUnknown
      end = start
    }
    return result.reverse()
  }

  return {
    vocabulary,
    encoder: (hidden) => (piece) =>
      pieces([...piece], hidden).flatMap((text) => {
        const id = hidden.has(text) ? undefined : vocabulary.get(text)
        if (id !== undefined) return [id]
        const bytes = byte_fallback === true ? bytesIn(vocabulary, text) : undefined
        return bytes ?? [typeof unknown === "number" ? unknown : noSuchToken(text)]
      }),
  }
}

function tokensOf({ vocab }: Json): readonly (readonly [string, number])[] {
  const isToken = (entry: unknown): boolean =>
    Array.isArray(entry) && typeof entry[0] === "string" && typeof entry[1] === "number"
  if (!Array.isArray(vocab) || !vocab.every(isToken)) throw new Error("its model has no vocabulary with scores (vocab)")
  return vocab as [string, number][]
}

function insert(root: Node, token: { text: string; id: number; score: number }): void {
  let node = root
  for (const character of token.text) {
    if (!node.next.has(character)) node.next.set(character, { next: new Map() })
    node = node.next.get(character)!
  }
  node.token = token
}
