import fc from "fast-check"
import { expect, test } from "vitest"
import { scoreFiles } from "./score-files.ts"

const gold = [18, 3000, -3].map((n) => JSON.stringify({ question: "q", answer: `x\n#### ${n}` })).join("\n")
const lines = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join("\n")

test("metrics stand in order, items in gold order", () => {
  const report = scoreFiles(
    gold,
    lines({ prediction: "#### 18" }, { prediction: "so 3,000" }, { prediction: "#### 3" }),
  )
  expect(Object.keys(report.metrics)).toEqual(["official", "strict", "flexible", "cot_strict", "cot_llama_strict"])
  expect(report.metrics).toEqual({
    official: 1 / 3,
    strict: 1 / 3,
    flexible: 2 / 3,
    cot_strict: 0,
    cot_llama_strict: 0,
  })
  expect(report.items.map((item) => item.id)).toEqual(["test/0", "test/1", "test/2"])
  expect(report.items[1]!.metrics).toMatchObject({ official: 0, flexible: 1 })
})

test("ids pair predictions in any order, whatever stands before the slash", () => {
  const shuffled = lines({ id: "train/2", prediction: "#### -3" }, { id: "train/0", prediction: "#### 18" })
  const { items } = scoreFiles(gold, shuffled)
  expect(items.map((item) => [item.id, item.metrics.official])).toEqual([
    ["train/0", 1],
    ["train/1", 0],
    ["train/2", 1],
  ])
  expect(scoreFiles(gold, lines({ id: 1, prediction: "#### 3000" })).items[1]!.metrics.official).toBe(1)
})

test("missing predictions are wrong, and of two for one row the last one counts", () => {
  expect(scoreFiles(gold, "").metrics.official).toBe(0)
  const twice = lines({ id: "a/0", prediction: "#### 1" }, { id: "a/0", prediction: "#### 18" })
  expect(scoreFiles(gold, twice).metrics.official).toBe(1 / 3)
})

test("how many rows have a prediction is a note", () => {
  const gold = ["1", "2"].map((value) => JSON.stringify({ answer: `#### ${value}` })).join("\n")
  const notes = (count: number) => scoreFiles(gold, '{"prediction":"1"}\n'.repeat(count)).notes
  expect(notes(1)).toEqual(["1 of 2 gold questions have a prediction; the others score 0"])
  expect(notes(2)).toEqual([])
})

test("files may be JSON arrays, have blank lines, carriage returns or a byte order mark", () => {
  const expected = scoreFiles(gold, lines({ prediction: "#### 18" }))
  const array = `[${gold.replaceAll("\n", ",")}]`
  expect(scoreFiles(array, '[{"prediction":"#### 18"}]')).toEqual(expected)
  expect(scoreFiles(`\ufeff${gold.replaceAll("\n", "\r\n\r\n")}\r\n`, '\n{"prediction":"#### 18"}\n\n')).toEqual(
    expected,
  )
})

test("gold needs an answer alone", () => {
  expect(scoreFiles('{"question":"","answer":"#### 18"}', lines({ prediction: "#### 18" })).metrics.official).toBe(1)
  expect(scoreFiles('{"answer":"#### 18"}', lines({ prediction: "#### 18" })).metrics.official).toBe(1)
})

test("a wrong file is an error with its line", () => {
  expect(() => scoreFiles("", "")).toThrow("The gold file holds no question")
  expect(() => scoreFiles(`${gold}\n{"question":"q"}`, "")).toThrow('the gold file, line 4: "answer" is missing')
  expect(() => scoreFiles('{"question":"q","answer":"18"}', "")).toThrow('no line "#### <number>"')
  expect(() => scoreFiles(gold, '{"prediction":"x"}\n{"pred')).toThrow("the predictions file, line 2 is not JSON")
})

test("ids that name no row, and predictions without a text, are counted in notes", () => {
  const missing = (answered: number) => `${answered} of 3 gold questions have a prediction; the others score 0`
  const notes = (...values: unknown[]) => scoreFiles(gold, lines(...values)).notes
  const x = { prediction: "x" }
  expect(notes(x, { id: "test/3", ...x })).toEqual([missing(1), '1 of 2 predictions name no gold question: "test/3"'])
  expect(notes({ id: { toString: 1 }, ...x }, { id: "abc", ...x })).toEqual([
    missing(0),
    '2 of 2 predictions name no gold question: "{\\"toString\\":1}"',
  ])
  expect(notes(x, x, x, x)).toEqual(['1 of 4 predictions name no gold question: "3"'])
  expect(notes(x, { answer: "#### 3000" }, { "test/2": "#### -3" }, { id: 0, prediction: 18 })).toEqual([
    missing(0),
    'predictions without a text under "prediction": 3, the first in the predictions file, line 2',
    "predictions for a row that had one, of which the last counts: 1, the first in the predictions file, line 4",
  ])
})

test("ids of several splits, and rows that are predicted twice, are said", () => {
  const notes = (...ids: unknown[]) =>
    scoreFiles(gold, lines(...ids.map((id) => ({ ...(id === undefined ? {} : { id }), prediction: "x" })))).notes
  expect(notes("test/0", "test/1", "test/2")).toEqual([])
  expect(notes("test/0", "train/1", "test/2")).toEqual([
    "ids name several splits, test, train: their rows are taken as those of one",
  ])
  expect(notes("test/1", undefined, "test/0", "test/2")).toEqual([
    "predictions for a row that had one, of which the last counts: 1, the first in the predictions file, line 2",
  ])
})

test("gold may stand under the key data", () => {
  const data = `{"data":[${gold.replaceAll("\n", ",")}]}`
  expect(scoreFiles(data, lines({ prediction: "#### 18" }))).toEqual(scoreFiles(gold, lines({ prediction: "#### 18" })))
})

test("no content of a prediction is refused", () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { maxLength: 3 }), (values) => {
      const report = scoreFiles(gold, lines(...values.map((prediction) => ({ prediction }))))
      expect(report.items).toHaveLength(3)
      for (const value of Object.values(report.metrics)) expect(value).toBeGreaterThanOrEqual(0)
    }),
  )
  const noTexts = lines({ prediction: 18 }, { prediction: ["#### 3000"] }, {})
  expect(Object.values(scoreFiles(gold, noTexts).metrics)).toEqual([0, 0, 0, 0, 0])
})
