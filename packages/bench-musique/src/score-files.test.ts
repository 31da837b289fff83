import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { pythonRound } from "@swirl-ts/bench-kit"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { scoreFiles } from "./score-files.ts"

interface Cases {
  musique_answer: { pred: string; golds: string[]; em: number; f1: number }[]
  musique_support: { pred: unknown; gold: number[]; f1: number }[]
  musique_support_bad: [string, string][]
  musique_group: { pred: unknown[]; gold: { supporting_idxs: number[] }[]; result: string | object }[]
}
const path = fileURLToPath(new URL("../../../fixtures/scorer_cases.json", import.meta.url))
const cases = JSON.parse(readFileSync(path, "utf8")) as Cases
const lines = (records: readonly unknown[]) => records.map((record) => JSON.stringify(record)).join("\n")
const paragraphs = (indexes: readonly number[]) => indexes.map((idx) => ({ idx, is_supporting: true }))
const gold = (fields: object = {}) => ({
  id: "q1",
  paragraphs: paragraphs([1, 5]),
  answer: "Paris",
  answer_aliases: [],
  answerable: true,
  ...fields,
})
const prediction = (fields: object = {}) => ({
  id: "q1",
  predicted_answer: "Paris",
  predicted_support_idxs: [1, 5],
  predicted_answerable: true,
  ...fields,
})
const score = (golds: readonly unknown[], predictions: readonly unknown[]) =>
  scoreFiles(lines(golds), lines(predictions))

describe("the official cases", () => {
  it.each(cases.musique_answer)("answer: $note ($pred)", ({ pred, golds, em, f1 }) => {
    const [answer, ...answer_aliases] = golds
    const { items, metrics } = score([gold({ answer, answer_aliases })], [prediction({ predicted_answer: pred })])
    expect(items[0]!.metrics.answer_em).toBe(em)
    expect(pythonRound(items[0]!.metrics.answer_f1!, 4)).toBe(f1)
    expect(metrics.answer_em).toBe(em)
  })

  it.each(cases.musique_support)("support: $note", ({ pred, gold: indexes, f1 }) => {
    const { items } = score([gold({ paragraphs: paragraphs(indexes) })], [prediction({ predicted_support_idxs: pred })])
    expect(pythonRound(items[0]!.metrics.support_f1!, 4)).toBe(f1)
  })

  it.each(cases.musique_support_bad)("support %s: %s", (text, outcome) => {
    const f1 = score([gold()], [prediction({ predicted_support_idxs: JSON.parse(text) })]).metrics.support_f1
    // Where the script stops, the index is a wrong one: content is never refused.
    expect(f1).toBe(outcome === "no error, F1 1" ? 1 : 0)
  })

  it.each(cases.musique_group)("file: $note", ({ pred, gold: golds, result }) => {
    const whole = golds.map(({ supporting_idxs, ...rest }) => ({ ...rest, paragraphs: paragraphs(supporting_idxs) }))
    for (const records of [whole, golds]) {
      // The script stops at an answer that is no text; here it is a wrong answer, as content is never refused.
      if (String(result).startsWith("AttributeError")) expect(score(records, pred).metrics.answer_em).toBe(0)
      else if (typeof result === "string")
        expect(() => score(records, pred)).toThrow("evaluate_v1.0.py stops there too")
      else expect(JSON.stringify(score(records, pred).metrics)).toBe(JSON.stringify(result))
    }
  })
})

describe("types as Python takes them", () => {
  it.each([
    ["15", 1],
    [[" 7 "], 0],
    [[true, 5], 1],
    [["+1", "٥"], 1],
    [["0_1", 5.99], 1],
    [{ "1": 0, "5": 0 }, 1],
    [[], 0],
  ])("indexes %j", (predicted_support_idxs, f1) => {
    expect(score([gold()], [prediction({ predicted_support_idxs })]).metrics.support_f1).toBe(f1)
  })

  it.each([["1 5"], ["1__5"], ["1.0"], ["5\x1c"], ["\x1f5"], [null], [["1"]], [{}], [Number.NaN]])(
    "an index Python stops at makes the whole support wrong: %j",
    (index) => {
      const f1 = (predicted_support_idxs: unknown) =>
        score([gold()], [prediction({ predicted_support_idxs })]).metrics.support_f1
      expect(f1([1, 5, index, index])).toBe(0)
      expect(f1([index])).toBe(0)
    },
  )

  it("an index of any depth is wrong, not a crash", () => {
    const deep = JSON.stringify(prediction({ predicted_support_idxs: "DEEP" })).replace(
      '"DEEP"',
      `[${"[".repeat(6000)}${"]".repeat(6000)}]`,
    )
    expect(scoreFiles(lines([gold()]), deep).metrics).toMatchObject({ answer_em: 1, support_f1: 0 })
  })

  it("130,000 aliases are no crash", () => {
    const answer_aliases = Array.from({ length: 130_000 }, (_, place) => `alias ${place}`)
    const predicted_answer = "alias 129999"
    expect(score([gold({ answer_aliases })], [prediction({ predicted_answer })]).metrics.answer_em).toBe(1)
  })

  it.each([null, 15, true])("a support Python cannot go through is wrong: %j", (predicted_support_idxs) => {
    const f1 = (supporting: number[]) =>
      score([gold({ paragraphs: paragraphs(supporting) })], [prediction({ predicted_support_idxs })]).metrics.support_f1
    expect([f1([1, 5]), f1([])]).toEqual([0, 0])
  })

  it.each([null, 7, true, ["Paris"], {}])("an answer that is no text is wrong: %j", (predicted_answer) => {
    const of = (answer: string) => score([gold({ answer })], [prediction({ predicted_answer })]).metrics
    expect(of("Paris")).toMatchObject({ answer_em: 0, answer_f1: 0, support_f1: 1 })
    expect(of("7")).toMatchObject({ answer_em: 0, answer_f1: 0 })
    expect(scoreFiles(lines([gold({ answer: "" })]), JSON.stringify({ q1: predicted_answer })).metrics.answer_em).toBe(
      0,
    )
  })

  it("takes 1 and 1.0 for true in flags, but no text", () => {
    const golds = [gold(), gold({ answerable: false })]
    const group = (first: unknown, second: unknown) =>
      score(golds, [prediction({ predicted_answerable: first }), prediction({ predicted_answerable: second })]).metrics
        .group_answer_sufficiency_f1
    expect(group(1, 0)).toBe(1)
    expect(group("1", 0)).toBe(0)
    expect(group(true, null)).toBe(0)
  })

  it("never looks at the answer or support of an unanswerable record", () => {
    const broken = prediction({ predicted_answer: null, predicted_support_idxs: null, predicted_answerable: false })
    expect(score([gold(), gold({ answerable: false })], [prediction(), broken]).metrics).toMatchObject({
      answer_f1: 1,
      group_support_sufficiency_f1: 1,
    })
  })

  it("legal gold: no paragraphs, empty answer, twins in any place", () => {
    expect(score([gold({ paragraphs: [], answer: "" })], [prediction({ predicted_answer: "the" })]).metrics).toEqual({
      answer_f1: 1,
      answer_em: 1,
      support_f1: 0,
    })
    const { answer_aliases: _, paragraphs: __, answerable: ___, ...bare } = gold()
    expect(score([bare], [prediction({ predicted_support_idxs: [] })]).metrics).toEqual({
      answer_f1: 1,
      answer_em: 1,
      support_f1: 1,
    })
    const golds = [gold(), gold({ id: "q2" }), gold({ answerable: false }), gold({ id: "q2", answerable: false })]
    const predictions = golds.map(({ id, answerable }) => prediction({ id, predicted_answerable: answerable }))
    const { items, metrics } = score(golds, predictions)
    expect(metrics.group_answer_sufficiency_f1).toBe(1)
    expect(items.map(({ id }) => id)).toEqual(["q1", "q2", "q1", "q2"])
    expect(items[2]!.metrics).not.toHaveProperty("answer_f1")
  })
})

it("gold may stand under the key data", () => {
  const golds = [gold({ id: "a" }), gold({ id: "b", answer: "Rome" })]
  const predictions = lines(golds.map(({ id }) => prediction({ id })))
  expect(scoreFiles(JSON.stringify({ data: golds }), predictions)).toEqual(scoreFiles(lines(golds), predictions))
})

describe("what the script stops at is an error with its place", () => {
  it.each(["id", "predicted_answer", "predicted_support_idxs", "predicted_answerable"])("missing %s", (key) => {
    const broken = Object.fromEntries(Object.entries(prediction()).filter(([name]) => name !== key))
    expect(() => score([gold(), gold()], [prediction(), broken])).toThrow(`line 2: "${key}" is missing`)
  })
  it.each(["id", "answer"])("missing %s in the gold file", (key) => {
    const broken = Object.fromEntries(Object.entries(gold()).filter(([name]) => name !== key))
    expect(() => score([broken], [prediction()])).toThrow(`the gold file, line 1: "${key}" is missing`)
  })
  it("a gold record whose support is none", () => {
    expect(() => score([gold({ paragraphs: "x" })], [prediction()])).toThrow('line 1: "paragraphs" is a text, no list')
    expect(() => score([gold({ paragraphs: [{ idx: 1 }] })], [prediction()])).toThrow('"is_supporting" is missing')
    expect(() => score([gold({ paragraphs: paragraphs(["x" as unknown as number]) })], [prediction()])).toThrow(
      "ValueError",
    )
  })
  it("no gold record at all", () => {
    expect(() => scoreFiles("\n", "")).toThrow("The gold file holds no question")
  })
  it("another number of lines", () => {
    expect(() => score([gold()], [prediction(), prediction()])).toThrow("has 1 records, the predictions file 2")
  })
  it("another order", () => {
    const golds = [gold(), gold({ id: "q2" })]
    expect(() => score(golds, [prediction({ id: "q2" }), prediction()])).toThrow('line 1: the prediction is for "q2"')
  })
  it("an id without twin, once one record is unanswerable", () => {
    expect(() => score([gold({ answerable: false })], [prediction()])).toThrow("q1 has 1 record.")
    const two = [gold({ answerable: false }), gold({ answerable: false })]
    expect(() => score(two, [prediction(), prediction()])).toThrow("none is answerable")
  })
  it("a truncated line", () => {
    expect(() => scoreFiles(lines([gold(), gold()]), `${lines([prediction()])}\n{"id": "q1", "pred`)).toThrow(/line 2/)
  })
})

describe("one object of answers", () => {
  const golds = [gold(), gold({ id: "q2", answer: "Rome" }), gold({ id: "q3" })]
  it.each([{ q1: "paris", q2: "x" }, { answer: { q1: "paris", q2: "x" } }])("scores what it names: %j", (answers) => {
    for (const text of [JSON.stringify(answers), JSON.stringify(answers, undefined, 2)]) {
      const { metrics, items } = scoreFiles(lines(golds), text)
      expect(metrics).toMatchObject({ answer_em: 0.5, ours_questions_scored: 2, ours_questions_in_gold: 3 })
      expect(items.map(({ id }) => id)).toEqual(["q1", "q2"])
    }
  })
  it("needs unique ids", () => {
    expect(() => scoreFiles(lines([gold(), gold({ answerable: false })]), '{"q1":"Paris"}')).toThrow("twins")
  })
  it.each(["{}", '{"answer":"Rome"}', '{"q9":"Paris"}'])(
    "that names no question of the gold is an error: %s",
    (text) => {
      expect(() => scoreFiles(lines([gold()]), text)).toThrow(/none of its \d keys is an id .* "q1"/)
    },
  )
  it("is not taken for one prediction that lacks keys", () => {
    expect(() => scoreFiles(lines([gold()]), '{"id":"q1"}')).toThrow('"predicted_answer" is missing')
  })
})

it("any support sets: F1 is 2 common / (predicted + gold)", () => {
  const indexes = fc.uniqueArray(fc.nat(19))
  fc.assert(
    fc.property(indexes, indexes, (predicted, golden) => {
      const common = predicted.filter((one) => golden.includes(one)).length
      const expected = predicted.length + golden.length === 0 ? 1 : (2 * common) / (predicted.length + golden.length)
      const { items } = score(
        [gold({ paragraphs: paragraphs(golden) })],
        [prediction({ predicted_support_idxs: predicted })],
      )
      expect(items[0]!.metrics.support_f1).toBeCloseTo(expected, 12)
    }),
  )
})

it("labels a synthetic gold file", () => {
  const twins = [gold({ synthetic: true }), gold({ synthetic: true, answerable: false })]
  expect(score(twins, [prediction(), prediction()]).metrics.ours_synthetic_gold).toBe(1)
})
