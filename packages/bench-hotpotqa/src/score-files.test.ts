import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { scoreFiles } from "./index.ts"

type Numbers = Record<string, number>
interface SupportCase {
  note: string
  pred: string
  gold: string
  pred_sp: unknown
  gold_sp: unknown
  metrics: Numbers
}
interface FileCase {
  note: string
  pred: { answer: Record<string, string>; sp?: Record<string, unknown> }
  result: Numbers | string
}
const cases = JSON.parse(readFileSync(new URL("../../../fixtures/scorer_cases.json", import.meta.url), "utf8")) as {
  hotpot_sp_joint: SupportCase[]
  hotpot_file_level: FileCase[]
  hotpot_answer: (Numbers & SupportCase)[]
}

const score = (gold: unknown, predictions: unknown) => scoreFiles(JSON.stringify(gold), JSON.stringify(predictions))
const four = (metrics: Numbers) =>
  Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Number(value.toFixed(4))]))
const names = "em f1 prec recall sp_em sp_f1 sp_prec sp_recall joint_em joint_f1 joint_prec joint_recall".split(" ")

describe("the official script's own outputs, as they are printed (4 places)", () => {
  test.each(cases.hotpot_answer.map((row) => [row.note, row] as const))("answer: %s", (_note, row) => {
    const { metrics } = score([{ _id: "q", answer: row.gold }], { q: row.pred })
    expect(four(metrics)).toEqual({ em: row.em, f1: row.f1, prec: row.prec, recall: row.recall })
  })
  test.each(cases.hotpot_sp_joint.map((row) => [row.note, row] as const))("facts: %s", (_note, row) => {
    const gold = [{ _id: "q", answer: row.gold, supporting_facts: row.gold_sp }]
    const { metrics } = score(gold, { answer: { q: row.pred }, sp: { q: row.pred_sp } })
    expect(Object.keys(metrics)).toEqual(names)
    expect(four(metrics)).toEqual(row.metrics)
  })
  const gold = [
    { _id: "q1", answer: "Paris", supporting_facts: [["A", 0]] },
    { _id: "q2", answer: "yes", supporting_facts: [["B", 0]] },
  ]
  test.each(cases.hotpot_file_level.map((row) => [row.note, row] as const))("file: %s", (_note, row) => {
    const { metrics } = score(gold, row.pred)
    // Without "sp" the script stops; here the answers are scored, and nothing is said of facts.
    const answersOnly = typeof row.result === "string"
    expect(metrics).toEqual(answersOnly ? { em: 1, f1: 1, prec: 1, recall: 1 } : row.result)
  })
})

describe("no prediction is refused", () => {
  const gold = [
    { _id: "q", answer: "None", supporting_facts: [], context: [] },
    { id: "r", answer: "5" },
  ]
  test("what is no text is a wrong answer", () => {
    for (const value of [null, 5, 3.0, true, ["None"], {}]) {
      expect(score(gold.slice(0, 1), { answer: { q: value }, sp: { q: [] } }).metrics).toMatchObject({
        em: 0,
        sp_em: 1,
      })
    }
  })
  test("any JSON is scored, with every metric in [0, 1]", () => {
    const byId = fc.dictionary(fc.constantFrom("q", "r", "__proto__", "constructor"), fc.jsonValue())
    fc.assert(
      fc.property(byId, byId, (answer, sp) => {
        const { metrics, items } = score(gold.slice(0, 1), { answer, sp })
        expect(items).toHaveLength(1)
        for (const name of names) expect(metrics[name]).toBeGreaterThanOrEqual(0)
        expect(Math.max(...Object.values(metrics))).toBeLessThanOrEqual(1)
      }),
    )
    expect(score(gold, { answer: null }).metrics).toEqual({ em: 0, f1: 0, prec: 0, recall: 0 })
    expect(Object.keys(score(gold.slice(0, 1), { sp: { q: [] } }).metrics)).toEqual(names.slice(4, 8))
  })
})

describe("files", () => {
  const records = [
    { _id: "a", answer: "Rome", supporting_facts: [["T", 0]] },
    { _id: "b", answer: "Oslo", supporting_facts: [["U", 2]] },
  ]
  const predictions = { answer: { a: "Rome", b: "no" }, sp: { a: [["T", 0]], b: [["U", 1]] } }

  test("gold is an array, JSON lines or Hugging Face's schema; the scores are the same", () => {
    const expected = score(records, predictions)
    expect(expected.items.map(({ id, metrics }) => [id, metrics.joint_em])).toEqual([
      ["a", 1],
      ["b", 0],
    ])
    const lines = records.map((record) => JSON.stringify(record)).join("\r\n")
    expect(scoreFiles(`\ufeff${lines}\n\n`, JSON.stringify(predictions))).toEqual(expected)
    expect(scoreFiles(JSON.stringify({ data: records }), JSON.stringify(predictions))).toEqual(expected)
    const hub = records.map(({ _id, answer, supporting_facts: facts }) => ({
      id: _id,
      answer,
      supporting_facts: { title: facts.map(([title]) => title), sent_id: facts.map(([, sentence]) => sentence) },
    }))
    expect(score(hub, predictions)).toEqual(expected)
  })

  test("an id that is null or a number has no prediction; a question twice counts twice", () => {
    const gold = [{ _id: null, answer: "x" }, { _id: 5, answer: "x" }, ...records, records[0]]
    const { metrics, items, notes } = score(gold, { null: "x", 5: "x", a: "Rome" })
    expect(metrics.em).toBe(2 / 5)
    expect(notes).toEqual([
      "2 of 5 gold questions have a prediction; the others score 0",
      '2 of 3 predictions name no gold question: "5"',
      'gold ids that stand more than once: 1, e.g. "a"',
    ])
    expect(items.map(({ id }) => id)).toEqual(["the gold file, entry 0", "the gold file, entry 1", "a", "b", "a"])
  })

  test("titles are compared as they are: NFD is not NFC", () => {
    const gold = [{ _id: "q", answer: "x", supporting_facts: [["Café", 0]] }]
    const of = (title: string) => score(gold, { answer: { q: "x" }, sp: { q: [[title, 0]] } }).metrics.sp_em
    expect([of("Café"), of("Café".normalize("NFD"))]).toEqual([1, 0])
  })

  test("a broken file is an error that says where", () => {
    const good = JSON.stringify(predictions)
    expect(() => scoreFiles("[]", good)).toThrow("The gold file holds no question")
    expect(() => scoreFiles("", good)).toThrow("The gold file holds no question")
    expect(() => scoreFiles('[{"_id":"a"', good)).toThrow("the gold file is not JSON")
    expect(() => scoreFiles('{"_id":"a","answer":"x"}\n{"_id', good)).toThrow("the gold file, line 2 is not JSON")
    expect(() => scoreFiles("[3]", good)).toThrow("the gold file, entry 0 is no object")
    expect(() => scoreFiles('[{"answer":"x"}]', good)).toThrow('entry 0: the key "_id"')
    for (const [key, name] of [
      ["question_decomposition", "MuSiQue"],
      ["answers", "BeerQA"],
    ]) {
      const gold = JSON.stringify([{ id: "a", answer: "x", [key!]: [] }])
      expect(() => scoreFiles(gold, good)).toThrow(
        `entry 0 is no record of HotpotQA. It has "${key}", so it may be a ${name} file`,
      )
    }
    expect(() => scoreFiles('[{"_id":"a"}]', good)).toThrow('entry 0: "answer" is missing')
    expect(() => scoreFiles(JSON.stringify([records[0], { _id: "b", answer: "Oslo" }]), good)).toThrow(
      'entry 1: "supporting_facts" is missing',
    )
    expect(() => scoreFiles(JSON.stringify(records), good.slice(0, -9))).toThrow("the predictions file is not JSON")
    expect(() => scoreFiles(JSON.stringify(records), "[]")).toThrow("The predictions file is no JSON object")
  })
})

const data = fileURLToPath(new URL("../../../../shared/data/hotpotqa", import.meta.url))
const present = existsSync(data)
if (!present) console.warn(`skipped: ${data} is not there`)

test.skipIf(!present).each([
  ["hotpotqa", 229, 297.089],
  ["hotpot_new", 236, 296.25],
])("ReSCORE's %s: %d right and F1 %d over the 498 questions whose ids are known", (name, em, f1) => {
  const gold = JSON.parse(readFileSync(`${data}/derived/hotpot_dev_qa_7405_with_ids.json`, "utf8")) as { _id: string }[]
  const predictions = JSON.parse(readFileSync(`${data}/preds/rescore_${name}_test500_prediction.json`, "utf8"))
  const known = gold.filter(({ _id }) => Object.hasOwn(predictions, _id))
  expect(known).toHaveLength(498)
  for (const golds of [known, gold]) {
    const { metrics } = score(golds, predictions)
    expect(Object.keys(metrics)).toEqual(names.slice(0, 4))
    expect(metrics.em! * golds.length).toBeCloseTo(em, 6)
    expect(metrics.f1! * golds.length).toBeCloseTo(f1, 3)
  }
})
