/**
 * From text to search terms, by wink-nlp: tokens, lower case, no stop words, stems; numbers are kept.
 * Tokens never cross white space, so the analysis is remembered per piece between white space: a world of
 * sentences over few words costs a few look-ups. Equal text gives equal terms, in text order.
 */
import { createRequire } from "node:module"
import type { Model, WinkMethods } from "wink-nlp"

/** Pieces longer than this are analysed anew each time: they are addresses or noise, and rarely come twice. */
const longestRemembered = 48
/** About 20 MB; a full memory is emptied, never searched for what to forget. */
const mostRemembered = 200_000

const memory = new Map<string, readonly string[]>()
/** wink keeps every token it ever met; after this many pieces it is made anew, so that memory stays bounded. */
const mostPieces = 400_000
let wink: WinkMethods | undefined
let pieces = 0

/** The language model takes a quarter of a second to load, so it is loaded with the first text and once. */
function loadWink(): WinkMethods {
  if (!wink || ++pieces > mostPieces) {
    pieces = 0
    const require = createRequire(import.meta.url)
    const winkNLP = require("wink-nlp") as (model: Model, pipe: string[]) => WinkMethods
    // An empty pipe: tokens and their lexical features only, no sentences, entities or parts of speech.
    wink = winkNLP(require("wink-eng-lite-web-model") as Model, [])
  }
  return wink
}

/** `Café` and `cafe`, `İstanbul` and `istanbul`, full-width and plain digits are the same to a searcher. */
function fold(piece: string): string {
  return piece
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFKC")
}

const meaningful = /[\p{L}\p{N}\p{Extended_Pictographic}]/u
const clitic = /^['’]\p{L}{1,2}$/u

/** Raised whenever equal texts may give other terms than before: stored indexes of older analyses are not used. */
export const analysisVersion = 1

/** The terms of a piece without white space, not remembered. */
export function analysePiece(piece: string): string[] {
  const { its, readDoc } = loadWink()
  // Folding may bring in white space (U+00A8 folds to a space and a mark); wink splits there by itself.
  const tokens = readDoc(fold(piece)).tokens()
  const normals = tokens.out(its.normal) as string[]
  const types = tokens.out(its.type) as string[]
  const stops = tokens.out(its.stopWordFlag) as boolean[]
  // The declared type of `its.stem` has a required third argument that `out` supplies.
  const stems = tokens.out(its.stem as typeof its.normal) as string[]
  const terms: string[] = []
  normals.forEach((normal, i) => {
    if (stops[i] || !meaningful.test(normal) || clitic.test(normal)) return
    // The stemmer is for words: it would turn `3rd` into `yrd`.
    if (types[i] === "word" && !/\d/.test(normal)) terms.push(stems[i]!)
    else terms.push(types[i] === "number" ? normal.replaceAll(",", "") : normal)
  })
  return terms
}

/** The terms of a text, in order, repeats included. Any string is fine; nothing is thrown. */
export function analyse(text: string): string[] {
  const terms: string[] = []
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
    for (const term of known) terms.push(term)
  }
  return terms
}
