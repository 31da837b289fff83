/** The merges of a SentencePiece vocabulary, which GGUF files leave out: every way to make a token of two others, best first. */

/** `rank` says how early a token is made: the lowest first. Of two ways, that of the longer left part goes first. */
export function mergesOf(tokens: readonly string[], rank: (id: number) => number): [left: string, right: string][] {
  const ids = new Map(tokens.map((token, id) => [token, id]))
  const found: { pair: [left: string, right: string]; rank: number; lengths: [left: number, right: number] }[] = []
  for (const [token, id] of ids) {
    const characters = [...token]
    for (let at = 1, left = characters[0]!; at < characters.length; left += characters[at++]!) {
      const right = token.slice(left.length)
      if (ids.has(left) && ids.has(right))
        found.push({ pair: [left, right], rank: rank(id), lengths: [at, characters.length - at] })
    }
  }
  found.sort((a, b) => a.rank - b.rank || b.lengths[0] - a.lengths[0] || b.lengths[1] - a.lengths[1])
  return found.map(({ pair }) => pair)
}
