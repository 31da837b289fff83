/**
 * Any number of passages from a few thousand real ones: the real ones first, then copies in which three words of ten are
 * drawn anew from all words of the corpus (as often as they occur there) and one of fifty becomes a word never seen.
 * The same passages come each time.
 */
import type { Passage } from "@swirl-ts/core"

export function* alteredPassages(real: readonly Passage[], count: number): Generator<Passage> {
  const words = real.flatMap((passage) => passage.text.split(" "))
  let state = 0x9e3779b9
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x ^= x + Math.imul(x ^ (x >>> 7), 61 | x)
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
  const alter = (text: string, copy: number): string =>
    text
      .split(" ")
      .map((word, i) => {
        const draw = random()
        if (draw < 0.3) return words[Math.floor(random() * words.length)]!
        return draw < 0.32 ? `${word.replace(/\W/g, "")}${i}x${copy.toString(36)}` : word
      })
      .join(" ")
  for (let made = 0; made < count; made++) {
    const passage = real[made % real.length]!
    const copy = Math.floor(made / real.length)
    yield copy === 0 ? passage : { title: alter(passage.title, copy), text: alter(passage.text, copy) }
  }
}
