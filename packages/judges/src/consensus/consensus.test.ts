/** What agreement says of a step: of the question's own trajectories alone, in whatever order they come. */
import { type JudgedTool, type JudgeInput, type Sibling, siblingOf } from "@swirl-ts/core"
import { input, trajectory } from "@swirl-ts/test-support"
import fc from "fast-check"
import { describe, expect, it, test } from "vitest"
import { consensus } from "./consensus.ts"
import { plainKey } from "./keys.ts"

const question = "How many?"
/** Calls with their results, and the answer that they end in. */
const made = (answer: string | undefined, ...calls: (readonly [string, string])[]): Sibling =>
  siblingOf({ ...trajectory("t", question, calls), answer })
const three = [1, 2, 3].map(() => made("72", ["48 / 2", "24.0"], ["48 + 24", "72.0"]))
const others = [made("50", ["48 + 2", "50.0"]), made(undefined, ["48 * 9", "432.0"])]

const judge = consensus({ benchmark: "kit/sums", seed: 0 })
const verdict = (
  siblings: readonly Sibling[],
  earlier: readonly (readonly [string, string])[],
  last: string,
  result?: string,
  by = judge,
) => {
  const shown = input(question, earlier, last)
  const observation = result === undefined ? undefined : { text: result, isError: result.startsWith("error") }
  const asked: JudgeInput = { ...shown, siblings, action: { ...shown.action, result: observation } }
  return by.judge(asked) as { verdict: string; reason: string }
}
const word = (...given: Parameters<typeof verdict>): string => verdict(...given).verdict

describe("where the question's trajectories agree", () => {
  const all = [...others, ...three]
  const way = [
    ["48 / 2", "24.0"],
    ["48 + 24", "72.0"],
  ] as const

  it("an answer is good when it is theirs, and was computed as theirs was", () => {
    expect(word(all, way, "=72")).toBe("good")
    expect(word(all, way, "=72.00")).toBe("good")
    expect(word(all, way, "=50")).toBe("bad")
    expect(word(all, [["48 + 2", "50.0"]], "=50")).toBe("bad")
    expect(verdict(all, way.slice(0, 1), "=72")).toMatchObject({ verdict: "bad", reason: /no call has returned it/ })
  })

  it("an answer that none of them has computed need not be", () => {
    const guessed = [1, 2, 3].map(() => made("oslo", ["?mira", "Mira: was born in Oslo."]))
    expect(word(guessed, [], "=Oslo")).toBe("good")
  })

  it("a call is good when its result is new and on their way, however it is written", () => {
    expect(word(all, [], "48 / 2", "24.0")).toBe("good")
    expect(word(all, [], "48 * 0.5", "24")).toBe("good")
    expect(word(all, [], "48 / 2.000001", "24.00001")).toBe("good")
    expect(word(all, [], "48 / 1.99", "24.12")).toBe("bad")
    expect(word(all, way, "24 * 2 + 24", "72.0")).toBe("bad")
    expect(word(all, [], "48 + 2", "50.0")).toBe("bad")
    expect(word(all, [], "48 +", "error: it ends")).toBe("bad")
  })

  it("a call whose result nobody knows is unscored", () => expect(word(all, [], "48 / 2")).toBe("unscored"))
  it("what cannot be read is bad", () => expect(word([], [], "!no closing tag")).toBe("bad"))
})

describe("where they do not, a step is unscored and never bad", () => {
  it.each<[string, Sibling[]]>([
    ["nobody", []],
    ["one alone", three.slice(0, 1)],
    ["too few", [...three.slice(0, 2), ...others]],
    ["a tie", [...three, ...[1, 2, 3].map(() => made("50"))]],
    ["no answers", [1, 2, 3].map(() => made(undefined, ["48 / 2", "24.0"]))],
  ])("%s", (_what, siblings) => {
    expect(word(siblings, [], "48 / 2", "24.0")).toBe("unscored")
    expect(word(siblings, [["48 + 24", "72.0"]], "=72")).toBe("unscored")
  })

  it("agree 2 asks for two, and one would agree with itself", () => {
    const two = consensus({ benchmark: "kit/sums", seed: 0, agree: 2 })
    expect(word(three.slice(0, 2), [], "48 / 2", "24.0", two)).toBe("good")
    expect(word(three.slice(0, 1), [], "48 / 2", "24.0", two)).toBe("unscored")
    expect(() => consensus({ benchmark: "kit/sums", seed: 0, agree: 1 })).toThrow(/agree/)
  })
})

const answers = fc.constantFrom("1", "2", "3", undefined)
const results = fc.constantFrom("1.0", "2.0", "3.0", "4.0")
const sibling = fc
  .tuple(answers, fc.array(results, { maxLength: 3 }))
  .map(([answer, texts]) => made(answer, ...texts.map((text) => [`${text} + 0`, text] as const)))
const siblings = fc.array(sibling, { maxLength: 8 })
const step = fc.oneof(
  results.map((text) => [`${text} * 1`, text] as const),
  fc.constantFrom("1", "2", "3").map((answer) => [`=${answer}`, undefined] as const),
)

test("the order of the siblings makes no difference", () => {
  const pairs = siblings.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
  )
  fc.assert(
    fc.property(pairs, step, ([all, shuffled], [last, result]) => {
      expect(verdict(shuffled, [], last, result)).toEqual(verdict(all, [], last, result))
    }),
  )
})

test("a tie for the most votes is unscored, and one trajectory alone is", () => {
  fc.assert(
    fc.property(siblings, step, ([...all], [last, result]) => {
      const votes = ["1", "2", "3"].map((answer) => all.filter((each) => each.answer === answer).length).sort()
      const most = votes.at(-1)!
      const mute = most < 3 || votes.at(-2) === most
      expect(word(all, [], last, result) === "unscored").toBe(mute)
      expect(word(all.slice(0, 1), [], last, result)).toBe("unscored")
    }),
  )
})

test("the benchmark says when answers are the same, and a tool when its results are", () => {
  const byTitle: JudgedTool = {
    name: "search",
    identity: "kit/search 1.0.0",
    resultKeys: (text) => [text.split(": ")[0]!],
  }
  const answers = { identity: "kit/names 1.0.0", keyOf: (answer: string) => answer.toLowerCase().replace(/^the /, "") }
  const own = consensus({ benchmark: "kit/names", seed: 0 }, { tools: [byTitle], answers })
  const all = ["Oslo", "the Oslo", "OSLO"].map((answer) =>
    made(answer, ["?mira", `Mira: ${answer} is where she was born`]),
  )
  expect(word(all, [], "?who is mira", "Mira: was born long ago", own)).toBe("good")
  expect(word(all, [], "?oslo", "Oslo: Mira was born there", own)).toBe("bad")
  expect(word(all, [], "=The oslo", undefined, own)).toBe("good")
  expect(word(all, [], "?who is mira", "Mira: was born long ago")).toBe("unscored")
  expect(own.identity).not.toBe(consensus({ benchmark: "kit/names", seed: 0 }, { answers }).identity)
})

test("numbers are the same to four decimals, words in whatever letters", () => {
  expect(plainKey("1e3")).toBe(plainKey("1000.00001"))
  expect(plainKey("-0.0")).toBe(plainKey("0"))
  expect(plainKey("24.0")).not.toBe(plainKey("24.001"))
  expect(plainKey(" Two  words ")).toBe("two words")
  expect(plainKey(" \n ")).toBeUndefined()
})
