import { spawnSync } from "node:child_process"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { containsAnswer, normaliseAnswer, showsTitle } from "./normalise.ts"
import { pythonRound, pythonSplit } from "./python-text.ts"

test("splits at what Python calls white space, and at nothing else", () => {
  expect(pythonSplit(" a\u00a0b\x1cc\x85d\u3000e\n")).toEqual(["a", "b", "c", "d", "e"])
  expect(pythonSplit("a\ufeffb\u200bc")).toEqual(["a\ufeffb\u200bc"])
})

test("an article is a whole word of Unicode letters and digits; a combining mark ends a word", () => {
  expect(normaliseAnswer("the_end aé an٣ 東the a")).toBe("theend aé an٣ 東the")
  expect(normaliseAnswer("a\u0301b")).toBe("\u0301b")
})

test.each([
  [0.0625, 3, 0.062],
  [0.1875, 3, 0.188],
  [-0.0625, 3, -0.062],
  [2.675, 2, 2.67],
  [0.5, 0, 0],
  [1.5, 0, 2],
  [2 / 3, 3, 0.667],
])("rounds %d to %d places as Python does", (value, digits, rounded) => {
  expect(pythonRound(value, digits)).toBeCloseTo(rounded, 12)
})

test("rounds what is no number to itself", () => {
  expect(pythonRound(Number.NaN, 3)).toBeNaN()
})

describe("beside a real Python", () => {
  const python = spawnSync("python3", ["--version"]).status === 0
  test.skipIf(!python)("normalises random text and rounds random numbers equally", () => {
    // Blocks that have been full for long: letters added lately differ between the Unicode versions of Python and V8.
    const blocks = [
      [1, 0x24f],
      [0x300, 0x373],
      [0x391, 0x3a1],
      [0x3a3, 0x3ff],
      [0x660, 0x669],
      [0x2000, 0x2064],
    ] as const
    const unit = fc
      .constantFrom(...blocks)
      .chain(([min, max]) => fc.integer({ min, max }))
      .map((code) => String.fromCodePoint(code))
    const texts = fc.sample(fc.string({ unit, maxLength: 12 }), { numRuns: 3000, seed: 7 })
    const spaced = texts.map((text, index) => `${text} the ${texts[index - 1] ?? ""}\u1680A${text}`)
    const all = [...texts, ...spaced]
    const numbers = Array.from({ length: 2000 }, (_, index) => index / 16 / 7 + index / 64)
    const script = `
import json, re, string, sys
def normalise(s):
    s = "".join(c for c in s.lower() if c not in set(string.punctuation))
    return " ".join(re.sub(r"\\b(a|an|the)\\b", " ", s).split())
data = json.load(sys.stdin)
json.dump([[normalise(s) for s in data[0]], [round(x, 3) for x in data[1]]], sys.stdout)`
    const run = spawnSync("python3", ["-c", script], { input: JSON.stringify([all, numbers]), maxBuffer: 1e8 })
    const [normalised, rounded] = JSON.parse(run.stdout.toString()) as [string[], number[]]
    expect(all.map(normaliseAnswer)).toEqual(normalised)
    expect(numbers.map((value) => pythonRound(value, 3))).toEqual(rounded)
  })
})

test("finds an answer's words in a result, and a passage by its title", () => {
  expect(containsAnswer("The capital is New York, founded in 1624.", "new york")).toBe(true)
  expect(containsAnswer("The capital is New Yorkshire.", "New York")).toBe(false)
  expect(containsAnswer("anything", "the")).toBe(false)
  expect(showsTitle("[1] Rome: a city\n[2] Milan: another", "Milan")).toBe(true)
  expect(showsTitle("Rome: a city", "Rom")).toBe(false)
})
