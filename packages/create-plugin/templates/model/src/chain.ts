/** A Markov chain: which words follow which in some lines of text. Equal draws give equal text; nothing is random by itself. */
import type { Random } from "@swirl-ts/core"

/** Stands before the first word of a line, and after its last. */
const edge = ""

export type Chain = ReadonlyMap<string, readonly string[]>

export function readChain(text: string): Chain {
  const chain = new Map<string, string[]>()
  for (const line of text.split("\n")) {
    const words = line.split(/\s+/).filter(Boolean)
    for (const [index, next] of [...words, edge].entries()) {
      const word = words[index - 1] ?? edge
      if (words.length > 0) chain.set(word, [...(chain.get(word) ?? []), next])
    }
  }
  return chain
}

export interface Walk {
  words: string[]
  /** Whether the line came to its end before the limit. */
  ended: boolean
}

/** Temperature 0 takes the word that follows most often, any other draws among all. */
export function walk(
  chain: Chain,
  { limit, greedy, source }: { limit: number; greedy: boolean; source: Random },
): Walk {
  const words: string[] = []
  for (let word = edge; words.length < limit; words.push(word)) {
    const followers = chain.get(word)!
    word = greedy ? mostFrequent(followers) : source.pick(followers)
    if (word === edge) return { words, ended: true }
  }
  return { words, ended: false }
}

function mostFrequent(words: readonly string[]): string {
  const counts = Map.groupBy(words, (word) => word)
  return [...counts].reduce((best, each) => (each[1].length > best[1].length ? each : best))[0]
}
