/**
 * Tokens that are found in a text before it is split. Of those that begin at a place the longest is taken.
 * Invariant: the sections of a text are in order; blanks that a token takes with it are in none.
 */
import { blank, word } from "./characters.ts"
import type { Json } from "./part.ts"

export interface AddedToken {
  id: number
  content: string
  /** Left out where a text is decoded without special tokens. */
  special: boolean
  /** Found in the normalised text, as it is written there. */
  normalized: boolean
  singleWord: boolean
  lstrip: boolean
  rstrip: boolean
}

/** A stretch of text, or an added token. */
export interface Section {
  text: string
  start: number
  id?: number
}

export const addedToken = (json: Json, id: number): AddedToken => {
  const special = json.special === true
  return {
    id,
    content: `${json.content}`,
    special,
    normalized: typeof json.normalized === "boolean" ? json.normalized : !special,
    singleWord: json.single_word === true,
    lstrip: json.lstrip === true,
    rstrip: json.rstrip === true,
  }
}

interface Node {
  next: Map<string, Node>
  token?: AddedToken
}

const wordAtEnd = new RegExp(`[${word}]$`, "u")
const wordAtStart = new RegExp(`^[${word}]`, "u")
const blanksAtEnd = new RegExp(`${blank}*$`, "u")
const blanksAtStart = new RegExp(`^${blank}*`, "u")

/** What finds tokens, each by its `pattern`. */
export function createFinder(
  tokens: readonly { token: AddedToken; pattern: string }[],
): (text: string) => readonly Section[] {
  const root: Node = { next: new Map() }
  for (const { token, pattern } of tokens) {
    if (pattern === "") continue
    let node = root
    for (const unit of pattern.split("")) {
      if (!node.next.has(unit)) node.next.set(unit, { next: new Map() })
      node = node.next.get(unit)!
    }
    node.token ??= token
  }
  return (text) => sectionsOf(text, root)
}

function longestAt(text: string, start: number, root: Node): { token: AddedToken; end: number } | undefined {
  let found: { token: AddedToken; end: number } | undefined
  let node: Node | undefined = root
  for (let at = start; node; at++) {
    if (node.token) found = { token: node.token, end: at }
    node = at < text.length ? node.next.get(text[at]!) : undefined
  }
  return found
}

function sectionsOf(text: string, root: Node): Section[] {
  const sections: Section[] = []
  let done = 0
  let at = 0
  while (at < text.length) {
    const found = root.next.has(text[at]!) ? longestAt(text, at, root) : undefined
    if (!found) {
      at++
      continue
    }
    const { token, end } = found
    const before = text.slice(0, at)
    const after = text.slice(end)
    const start = token.lstrip ? Math.max(before.search(blanksAtEnd), done) : at
    at = end
    if (token.singleWord && (wordAtEnd.test(before) || wordAtStart.test(after))) continue
    if (start > done) sections.push({ text: text.slice(done, start), start: done })
    sections.push({ text: token.content, start, id: token.id })
    done = token.rstrip ? end + blanksAtStart.exec(after)![0].length : end
  }
  if (done < text.length) sections.push({ text: text.slice(done), start: done })
  return sections
}
