/** Texts as Python counts them: in code points, not in the halves of which JavaScript makes some. */
import { asText, PythonObject, type Value } from "./values.ts"

const halves = /[\ud800-\udfff]/

export const letterCount = (text: string): number => (halves.test(text) ? [...text].length : text.length)

/** By numbers of letters; a text whose letters are all whole is not taken apart. */
export const lettersOf = (text: string): string | string[] => (halves.test(text) ? [...text] : text)

/** A part of a text, by numbers of letters. */
export const lettersBetween = (text: string, start: number, end: number): string => {
  const letters = lettersOf(text)
  return typeof letters === "string" ? letters.slice(start, end) : letters.slice(start, end).join("")
}

/** Every n-th letter, backwards where the step is negative. */
export const everyLetter = (text: string, indices: readonly number[]): string => {
  const letters = lettersOf(text)
  return indices.map((index) => letters[index]).join("")
}

/** Where a slice begins and ends, as Python's `slice.indices` says. */
export function sliceEnds(length: number, start: number | null, stop: number | null, step: number): [number, number] {
  const [low, high] = step < 0 ? [-1, length - 1] : [0, length]
  const clamped = (at: number): number => Math.min(high, Math.max(low, at < 0 ? at + length : at))
  return [
    start === null ? (step < 0 ? high : low) : clamped(start),
    stop === null ? (step < 0 ? low : high) : clamped(stop),
  ]
}

/** Every place of a slice. */
export function sliceIndices(length: number, start: number | null, stop: number | null, step: number): number[] {
  const [first, last] = sliceEnds(length, start, stop, step)
  const count = Math.max(0, Math.ceil((last - first) / step))
  return Array.from({ length: count }, (_, index) => first + index * step)
}

/** What `strip` takes away and `split` splits by, as a class of a pattern with the flag u. */
export const pythonSpace = `[\\t-\\r${"\\x1c-\\x1f\\x85"}\\p{Z}]`
const oneSpace = new RegExp(`^${pythonSpace}$`, "u")
export const isPythonSpace = (letter: string): boolean => oneSpace.test(letter)

/** Without white space, or without the letters of `characters`, at the sides that are asked for. */
export function stripped(text: string, isLeft: boolean, isRight: boolean, characters?: string): string {
  const given = characters === undefined ? undefined : new Set(characters)
  const isTaken = given ? (letter: string): boolean => given.has(letter) : isPythonSpace
  const letters = lettersOf(text)
  let [start, end] = [0, letters.length]
  while (isLeft && start < end && isTaken(letters[start]!)) start++
  while (isRight && end > start && isTaken(letters[end - 1]!)) end--
  return typeof letters === "string" ? letters.slice(start, end) : letters.slice(start, end).join("")
}

/** `len`, where there is one. */
export function lengthOf(value: Value): number | undefined {
  const text = asText(value)
  if (text !== undefined) return letterCount(text)
  return Array.isArray(value) ? value.length : value instanceof PythonObject ? value.length : undefined
}
