import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { factSet } from "./facts.ts"
import { scoreFiles } from "./index.ts"

const score = (gold: unknown, predictions: unknown) => scoreFiles(JSON.stringify(gold), JSON.stringify(predictions))
const facts = (
  predicted: unknown,
  gold: unknown = [
    ["A", 0],
    ["B", 1],
  ],
) => score([{ _id: "q", answer: "x", supporting_facts: gold }], { answer: { q: "x" }, sp: { q: predicted } }).metrics

describe("values are equal where Python says so", () => {
  test.each([
    [
      "True is 1, False is 0",
      [
        ["A", false],
        ["B", true],
      ],
      1,
    ],
    [
      "floats without a fraction, minus zero",
      [
        ["A", -0.0],
        ["B", 1.0],
      ],
      1,
    ],
    [
      "a fact twice, once as a float",
      [
        ["A", 0],
        ["A", 0.0],
        ["B", 1],
        ["B", true],
      ],
      1,
    ],
    [
      "a text is no number",
      [
        ["A", "0"],
        ["B", "1"],
      ],
      0,
    ],
    [
      "a triple is no pair",
      [
        ["A", 0, 0],
        ["B", 1],
      ],
      0.5,
    ],
    [
      "null is nothing else",
      [
        ["A", null],
        ["B", 1],
      ],
      0.5,
    ],
    ["a text of two characters is a pair of them", ["A0", ["B", 1]], 0.5],
    ["an object is its keys", [{ A: 1, B: 2 }, ["B", 1]], 0.5],
    ["an empty fact", [[], ["B", 1]], 0.5],
  ])("%s", (_note, predicted, f1) => expect(facts(predicted).sp_f1).toBe(f1))

  test("NaN, the infinities and null are four values", () => {
    const special = ["NaN", "Infinity", "-Infinity", "null"]
    for (const one of special) {
      for (const other of special) {
        const gold = `[{"_id":"q","answer":"x","supporting_facts":[["A",${one}]]}]`
        const { sp_em } = scoreFiles(gold, `{"answer":{"q":"x"},"sp":{"q":[["A",${other}]]}}`).metrics
        expect(sp_em).toBe(one === other ? 1 : 0)
      }
    }
  })

  test("where Python stops (no tuple, no hash), the facts count as missing", () => {
    for (const predicted of [
      null,
      5,
      true,
      [5],
      [null],
      [["A", [0]]],
      [
        ["A", 0],
        ["B", {}],
      ],
    ]) {
      expect(facts(predicted)).toMatchObject({ em: 1, sp_em: 0, sp_f1: 0, joint_em: 0 })
    }
    expect(facts(null, []).sp_em).toBe(0)
    expect(facts([], []).sp_em).toBe(1)
  })
})

/** Another way to the same set of facts: pairwise comparison by Python's rules. */
const same = (a: unknown, b: unknown) => {
  const number = (value: unknown) => (typeof value === "boolean" ? Number(value) : value)
  return number(a) === number(b)
}
const scalar = fc.oneof(fc.constantFrom<unknown>("A", "0", 0, 1, 0.5, true, false, null), fc.integer())
const tuples = fc.array(fc.array(scalar, { minLength: 1, maxLength: 3 }), { maxLength: 6 })

test("fact sets agree with pairwise comparison", () => {
  fc.assert(
    fc.property(tuples, (list) => {
      const distinct = list.filter(
        (fact, place) =>
          !list
            .slice(0, place)
            .some((other) => other.length === fact.length && other.every((v, i) => same(v, fact[i]))),
      )
      expect(factSet(list)!.size).toBe(distinct.length)
    }),
  )
})
