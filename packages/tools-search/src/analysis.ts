/**
 * From text to search terms, by wink-nlp: tokens, lower case, no stop words, stems; numbers are kept, and a range of them
 * is found by itself and by each (`2014–15`). Tokens never cross white space, so the analysis is remembered per piece
 * between white space: a world of sentences over few words costs a few look-ups. Equal text gives equal terms, in text order.
 *
 * Stop words are terms of their own, which no stem equals, and only of a query that has nothing else: `The Who` is searched
 * by them, `who sang it in Oslo` is not. A name of stop words alone is one more term, before a bracket too: `Us (2019 film)`.
 */
import type { WinkMethods } from "wink-nlp"
import { createWink } from "#wink"
import { fold } from "./fold.ts"

/** Pieces longer than this are analysed anew each time: they are addresses or noise, and rarely come twice. */
const longestRemembered = 48
/** About 30 MB; a full memory is emptied, never searched for what to forget. */
const mostRemembered = 200_000

const memory = new Map<string, PieceTerms>()
/** wink keeps every token it ever met; after this many pieces it is made anew, so that memory stays bounded. */
const mostPieces = 400_000
let wink: WinkMethods | undefined
let pieces = 0

function loadWink(): WinkMethods {
  if (!wink || ++pieces > mostPieces) {
    pieces = 0
    wink = createWink()
  }
  return wink
}

const meaningful = /[\p{L}\p{N}\p{Extended_Pictographic}]/u
const clitic = /^'\p{L}{1,2}$/u
/** wink's names for tokens that may be several numbers joined by dashes. */
const numeric: ReadonlySet<string> = new Set(["number", "decade"])

/** Raised whenever equal texts may give other terms than before: stored indexes of older analyses are not used. */
export const analysisVersion = 2

export interface PieceTerms {
  readonly terms: readonly string[]
  /** Stop words, each as a term of its own. */
  readonly stops: readonly string[]
}

const nothing: readonly string[] = []

/** Terms with a space before them are stop words, or a name of them; no other term has one. */
export const isStop = (term: string): boolean => term.startsWith(" ")

/** The terms of a piece without white space, not remembered. */
export function analysePiece(piece: string): PieceTerms {
  const { its, readDoc } = loadWink()
  // Folding may bring in white space (U+00A8 folds to a space and a mark); wink splits there by itself.
  const tokens = readDoc(fold(piece)).tokens()
  const normals = tokens.out(its.normal) as string[]
  const types = tokens.out(its.type) as string[]
  const flags = tokens.out(its.stopWordFlag) as boolean[]
  // The declared type of `its.stem` has a required third argument that `out` supplies.
  const stems = tokens.out(its.stem as typeof its.normal) as string[]
  const terms: string[] = []
  const stops: string[] = []
  normals.forEach((normal, i) => {
    if (!meaningful.test(normal) || clitic.test(normal)) return
    if (flags[i]) stops.push(` ${normal}`)
    // The stemmer is for words: it would turn `3rd` into `yrd`.
    else if (types[i] === "word" && !/\d/.test(normal)) terms.push(stems[i]!)
    else if (!numeric.has(types[i]!)) terms.push(normal)
    else {
      const number = normal.replaceAll(",", "")
      terms.push(number)
      if (number.includes("-")) terms.push(...number.split("-").filter((part) => part !== ""))
    }
  })
  return { terms, stops: stops.length > 0 ? stops : nothing }
}

function* piecesOf(text: string): Generator<PieceTerms> {
  for (const piece of text.split(/\s+/)) {
    if (piece === "") continue
    let known = memory.get(piece)
    if (!known) {
      known = analysePiece(piece)
      if (piece.length <= longestRemembered) {
        if (memory.size >= mostRemembered) memory.clear()
        memory.set(piece, known)
      }
    }
    yield known
  }
}

/** The terms of a text but its stop words, in order, repeats included. Any string is fine; nothing is thrown. */
export function analyse(text: string): string[] {
  const terms: string[] = []
  for (const piece of piecesOf(text)) for (const term of piece.terms) terms.push(term)
  return terms
}

/** The stop words of a text, in order, repeats included. */
export function stopTerms(text: string): string[] {
  const terms: string[] = []
  for (const piece of piecesOf(text)) for (const term of piece.stops) terms.push(term)
  return terms
}

/** The term of a name, a title or a query, that is stop words alone, what stands in brackets behind it apart. */
export function stopName(name: string): string | undefined {
  const bracket = name.indexOf("(", 1)
  let term = ""
  for (const { terms, stops } of piecesOf(bracket < 0 ? name : name.slice(0, bracket))) {
    if (terms.length > 0) return undefined
    term += stops.join("")
  }
  return term === "" ? undefined : ` ${term}`
}

/** What a query is searched by: its terms, or its stop words where it has nothing else; and the name of stop words that it is. */
export function queryTerms(query: string): string[] {
  const terms = analyse(query)
  const name = stopName(query)
  return [...(terms.length > 0 ? terms : stopTerms(query)), ...(name === undefined ? [] : [name])]
}
