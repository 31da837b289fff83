/**
 * Term numbers of a text, for building large indexes: what `analyse` and `stopTerms` give, each term as a number in order
 * of first appearance. Pieces between white space are recognised in place, by a hash of their characters, without a string made of
 * them; only a piece that was not seen before is analysed. A full table is emptied, the numbers of terms stay.
 */
import { analysePiece, isStop, type PieceTerms } from "./analysis.ts"

/** As `\s` of regular expressions. */
export function isSpace(code: number): boolean {
  if (code <= 32) return code === 32 || (code >= 9 && code <= 13)
  if (code < 160) return false
  return (
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000 ||
    code === 0xfeff
  )
}

const slots = 1 << 21
const mostPieces = slots / 2
const poolSize = 1 << 23
/** Longer pieces are analysed each time, as `analyse` does. */
const longest = 48

export class PieceTable {
  readonly terms = new Map<string, number>()
  /** Of each term's number, whether the term is a stop word. */
  readonly stops: boolean[] = []
  readonly #slots = new Int32Array(slots)
  /** Characters of piece p: pool[starts[p]] to pool[starts[p + 1]]; its terms: ids[termStarts[p]] to ids[termStarts[p + 1]]. */
  readonly #pool = new Uint16Array(poolSize)
  readonly #starts = new Int32Array(mostPieces + 1)
  readonly #termStarts = new Int32Array(mostPieces + 1)
  readonly #hashes = new Int32Array(mostPieces)
  #ids: number[] = []
  #pieces = 0

  /** Calls `each` with every term's number, repeats included; the numbers of new terms follow the old ones. */
  scan(text: string, each: (term: number) => void): void {
    for (let at = 0; at < text.length; ) {
      let code = text.charCodeAt(at)
      if (isSpace(code)) {
        at++
        continue
      }
      const from = at
      let hash = 0x811c9dc5 | 0
      do {
        hash = Math.imul(hash ^ code, 0x01000193)
        at++
        if (at === text.length) break
        code = text.charCodeAt(at)
      } while (!isSpace(code))
      this.#piece(text, from, at, hash ^ (hash >>> 15), each)
    }
  }

  #piece(text: string, from: number, to: number, hash: number, each: (term: number) => void): void {
    if (to - from > longest) {
      for (const term of all(analysePiece(text.slice(from, to)))) each(this.number(term))
      return
    }
    let slot = hash & (slots - 1)
    for (; ; slot = (slot + 1) & (slots - 1)) {
      const piece = this.#slots[slot]! - 1
      if (piece < 0) break
      if (this.#hashes[piece] === hash && this.#equals(piece, text, from, to)) {
        for (let i = this.#termStarts[piece]!; i < this.#termStarts[piece + 1]!; i++) each(this.#ids[i]!)
        return
      }
    }
    const used = this.#starts[this.#pieces]!
    if (this.#pieces === mostPieces || used + longest > poolSize) {
      this.#slots.fill(0)
      this.#pieces = 0
      this.#ids = []
      this.#piece(text, from, to, hash, each)
      return
    }
    const piece = this.#pieces++
    this.#slots[slot] = piece + 1
    this.#hashes[piece] = hash
    for (let i = from; i < to; i++) this.#pool[used + i - from] = text.charCodeAt(i)
    this.#starts[piece + 1] = used + to - from
    for (const term of all(analysePiece(text.slice(from, to)))) {
      const number = this.number(term)
      this.#ids.push(number)
      each(number)
    }
    this.#termStarts[piece + 1] = this.#ids.length
  }

  #equals(piece: number, text: string, from: number, to: number): boolean {
    const start = this.#starts[piece]!
    if (this.#starts[piece + 1]! - start !== to - from) return false
    for (let i = from; i < to; i++) if (this.#pool[start + i - from] !== text.charCodeAt(i)) return false
    return true
  }

  /** The number of a term. */
  number(term: string): number {
    let number = this.terms.get(term)
    if (number === undefined) {
      number = this.terms.size
      this.terms.set(term, number)
      this.stops.push(isStop(term))
    }
    return number
  }
}

const all = ({ terms, stops }: PieceTerms): readonly string[] => (stops.length > 0 ? [...terms, ...stops] : terms)
