import { existsSync, readFileSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Metrics } from "@swirl-ts/core"
import { temporaryFolder } from "@swirl-ts/test-support"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import beerqa, { scoreFiles } from "./index.ts"
import { readLabels } from "./labels.ts"

interface AnswerCase {
  note: string
  pred: string
  golds: string[]
  em: number
  f1: number
  prec: number
  recall: number
}
interface FileCase {
  note: string
  answers: Record<string, string>
  result: Metrics
}
const cases = JSON.parse(readFileSync(new URL("../../../fixtures/scorer_cases.json", import.meta.url), "utf8")) as {
  beerqa_answer: AnswerCase[]
  beerqa_file_level: FileCase[]
}
const data = new URL("../../../../shared/data/beerqa/", import.meta.url)

const goldFile = (records: object[]) => JSON.stringify({ version: "1.0", split: "dev", data: records })
const three = goldFile([
  { id: "1", src: "squad", question: "q", answers: ["Paris"], context: [] },
  { id: "2", src: "squad", question: "q", answers: ["Rome"], context: [] },
  { id: "3", src: "hotpotqa", question: "q", answers: ["yes"], context: [] },
])
const four = (metrics: Metrics) =>
  Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Number(value.toFixed(4))]))

describe("the official script's own outputs, as it prints them (4 places)", () => {
  test.each(cases.beerqa_answer.map((row) => [row.note, row] as const))("%s", (_note, row) => {
    const gold = goldFile([{ id: "x", src: "squad", question: "q", answers: row.golds }])
    const { em, f1, prec, recall } = row
    expect(four(scoreFiles(gold, JSON.stringify({ x: row.pred })).metrics)).toMatchObject({ em, f1, prec, recall })
  })
  test.each(cases.beerqa_file_level.map((row) => [row.note, row] as const))("file: %s", (_note, row) => {
    expect(four(scoreFiles(three, JSON.stringify(row.answers)).metrics)).toEqual(row.result)
    expect(scoreFiles(three, JSON.stringify({ answer: row.answers }))).toEqual(
      scoreFiles(three, JSON.stringify(row.answers)),
    )
  })
})

test("metrics stand in the script's order, items in gold order with their own source alone", () => {
  const { metrics, items } = scoreFiles(three, '{"3":"yes"}')
  const names = ["em", "f1", "prec", "recall"]
  const order = ["", "squad_", "hotpotqa_", "macro_"].flatMap((prefix) => names.map((name) => prefix + name))
  expect(Object.keys(metrics)).toEqual(order)
  expect(items.map(({ id }) => id)).toEqual(["1", "2", "3"])
  expect(items[2]!.metrics).toMatchObject({ em: 1, hotpotqa_em: 1 })
  expect(items[2]!.metrics).not.toHaveProperty("squad_em")
})

test("no content of a prediction is refused; what is no text scores 0", () => {
  const values = { 1: 5, 2: null, 3: ["yes"], 4: true, 5: { answer: "x" } }
  const gold = goldFile(
    Object.keys(values).map((id) => ({ id, src: "squad", question: "q", answers: ["5", "yes", "True", "None"] })),
  )
  expect(scoreFiles(gold, JSON.stringify(values)).metrics.f1).toBe(0)
  for (const answers of ["5", "null", "[]", '"text"']) {
    expect(scoreFiles(three, `{"answer":${answers}}`).metrics.macro_em).toBe(0)
  }
  expect(scoreFiles(three, '{"1":NaN,"2":"rome"}').metrics.em).toBe(1 / 3)
  expect(scoreFiles(goldFile([{ id: "constructor", src: "s", answers: ["x"] }]), "{}").metrics.em).toBe(0)
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("1", "2", "3", "answer"), fc.jsonValue()), (predictions) => {
      const { metrics } = scoreFiles(three, JSON.stringify(predictions))
      for (const value of Object.values(metrics)) expect(value >= 0 && value <= 1).toBe(true)
    }),
  )
})

test("gold may have no golds, no source, no text as id, one id twice; nothing of it stops the rest", () => {
  const gold = goldFile([
    { id: "a", src: "squad", question: "q", answers: [] },
    { id: null, src: "squad", question: "q", answers: ["x"] },
    { id: "b", question: "q", answers: ["x"] },
    { id: "b", question: "q", answers: ["y"] },
    { id: "hidden", question: "q" },
  ])
  const { metrics, items } = scoreFiles(gold, '{"a":"","null":"x","b":"x"}')
  expect(metrics).toMatchObject({ em: 1 / 5, squad_em: 0, macro_em: 0 })
  expect(items.map(({ id }) => id)).toEqual(["a", "entry 1", "b", "b", "hidden"])
})

test("micro, per source and macro agree with a second formulation", () => {
  const word = fc.constantFrom("Rome", "rome", "the", "yes", "no", "new york", "york", "")
  const record = fc.record({ src: fc.constantFrom("squad", "hotpotqa", "3+hop"), answers: fc.array(word), pred: word })
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 8 }), (rows) => {
      const gold = goldFile(rows.map(({ src, answers }, index) => ({ id: `q${index}`, src, answers })))
      const { metrics, items } = scoreFiles(
        gold,
        JSON.stringify(Object.fromEntries(rows.map(({ pred }, index) => [`q${index}`, pred]))),
      )
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
      const perSource = [...new Set(rows.map(({ src }) => src))].map((source) => {
        const own = items.filter((_item, index) => rows[index]!.src === source).map((item) => item.metrics.f1!)
        expect(metrics[`${source}_f1`]).toBeCloseTo(mean(own), 12)
        return mean(own)
      })
      expect(metrics.f1).toBeCloseTo(mean(items.map((item) => item.metrics.f1!)), 12)
      expect(metrics.macro_f1).toBeCloseTo(mean(perSource), 12)
    }),
  )
})

test("labels name the source of questions that name none, from a file or as they are, and win over the record's", async () => {
  const gold = goldFile([
    { id: "1", question: "q", answers: ["x"] },
    { id: "2", question: "q", src: "squad", answers: ["x"] },
  ])
  const file = join(temporaryFolder(), "labels.json")
  await writeFile(file, '{"1":"3+hop","2":"hotpotqa"}')
  for (const labels of [file, readLabels(file)]) {
    const plugin = beerqa({ labels })
    const { metrics } = plugin.benchmarks.beerqa.files!.score!(gold, '{"1":"x"}')
    expect(metrics).toMatchObject({ em: 0.5, "3+hop_em": 1, hotpotqa_em: 0, macro_em: 0.5 })
    expect(metrics).not.toHaveProperty("squad_em")
  }
  expect(() => readLabels("/nowhere/labels.json")).toThrow("The labels file /nowhere/labels.json cannot be read")
  expect(() => readLabels({ a: 3 } as never)).toThrow('source of a is 3; give a name, e.g. "3+hop"')
  expect(() => beerqa({ shots: -1 })).toThrow(/shots/)
})

test("a wrong file is an error that says where and what to do", () => {
  expect(() => scoreFiles(goldFile([]), "{}")).toThrow("The gold file holds no question")
  expect(() => scoreFiles(goldFile([{ id: "1", question: "q" }]), '{"1":"x"}')).toThrow(
    'the gold file, entry 0 has no "answers", and no other question has. Give a split with references',
  )
  const half = goldFile([
    { id: "1", question: "q" },
    { id: "2", answers: ["x"] },
  ])
  expect(() => scoreFiles(half, '{"1":"x"}')).toThrow(
    'entry 0: there is a prediction, but "answers" is no list of texts',
  )
  expect(scoreFiles(half, '{"2":"x"}').metrics.em).toBe(0.5)
  expect(() => scoreFiles('{"data": [', "{}")).toThrow("the gold file is not JSON")
  expect(() => scoreFiles("{}", "{}")).toThrow('has no "id"')
  expect(() => scoreFiles(three, '{"1": "x"')).toThrow("the predictions file is not JSON")
  expect(() => scoreFiles(three, "[]")).toThrow("The predictions file is no JSON object")
})

test.skipIf(!existsSync(data))("every gold of the 1,000 train records is right by its own answer (shared data)", () => {
  const gold = readFileSync(new URL("raw/beerqa_train_subsample_1000.json", data), "utf8")
  const { data: records } = JSON.parse(gold) as { data: { id: string; answers: string[] }[] }
  const own = JSON.stringify({ answer: Object.fromEntries(records.map(({ id, answers }) => [id, answers[0]])) })
  const { metrics, items } = scoreFiles(gold, own)
  expect(items).toHaveLength(1000)
  expect(metrics).toMatchObject({ em: 1, squad_em: 1, hotpotqa_em: 1, macro_f1: 1 })
})
