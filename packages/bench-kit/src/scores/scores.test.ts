import { readFileSync } from "node:fs"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { normaliseAnswer } from "./normalise.ts"
import { type AnswerScores, beerqaAnswer, hotpotAnswer, musiqueAnswer } from "./scores.ts"

interface Case extends AnswerScores {
  note: string
  pred: string
  gold: string
  golds: string[]
  norm_pred?: string
  norm_gold?: string
}
const cases = JSON.parse(
  readFileSync(new URL("../../../../fixtures/scorer_cases.json", import.meta.url), "utf8"),
) as Record<"hotpot_answer" | "musique_answer" | "beerqa_answer", Case[]>
const four = (scores: object) =>
  Object.fromEntries(Object.entries(scores).map(([name, value]) => [name, Number((value as number).toFixed(4))]))
const only = <K extends keyof Case>(row: Case, ...names: K[]) =>
  Object.fromEntries(names.map((name) => [name, row[name]]))

describe("the official scripts' own outputs, as they print them (4 places)", () => {
  test.each(cases.hotpot_answer.map((row) => [row.note, row] as const))("HotpotQA: %s", (_note, row) => {
    expect(four(hotpotAnswer(row.pred, row.gold))).toEqual(only(row, "em", "f1", "prec", "recall"))
    if (row.norm_pred !== undefined) expect(normaliseAnswer(row.pred)).toBe(row.norm_pred)
    if (row.norm_gold !== undefined) expect(normaliseAnswer(row.gold)).toBe(row.norm_gold)
  })
  test.each(cases.musique_answer.map((row) => [row.note, row] as const))("MuSiQue: %s", (_note, row) => {
    expect(four(musiqueAnswer(row.pred, row.golds))).toEqual(only(row, "em", "f1"))
  })
  test.each(cases.beerqa_answer.map((row) => [row.note, row] as const))("BeerQA: %s", (_note, row) => {
    expect(four(beerqaAnswer(row.pred, row.golds))).toEqual(only(row, "em", "f1", "prec", "recall"))
  })
})

/** Another way to the same numbers: sorted words merged like two decks of cards, F1 as 2c / (p + g). */
function merged(prediction: string, gold: string): { common: number; predicted: number; gold: number } {
  const words = (text: string) => normaliseAnswer(text).split(" ").filter(Boolean).sort()
  const [left, right] = [words(prediction), words(gold)]
  let [i, j, common] = [0, 0, 0]
  while (i < left.length && j < right.length) {
    if (left[i] === right[j]) {
      common++
      i++
      j++
    } else if (left[i]! < right[j]!) i++
    else j++
  }
  return { common, predicted: left.length, gold: right.length }
}
const text = fc
  .array(
    fc.constantFrom(
      "a",
      "the",
      "Rome",
      "rome.",
      "New",
      "york",
      "yes",
      "no",
      "noanswer",
      "1,000",
      "–",
      "É",
      "\u00a0",
      "",
    ),
    {
      maxLength: 5,
    },
  )
  .map((words) => words.join(" "))

describe("properties", () => {
  test("F1 agrees with a second formulation, and is symmetric with precision and recall changing places", () => {
    fc.assert(
      fc.property(text, text, (prediction, gold) => {
        const scores = hotpotAnswer(prediction, gold)
        const { common, predicted, gold: size } = merged(prediction, gold)
        const [p, g] = [normaliseAnswer(prediction), normaliseAnswer(gold)]
        const ruled = p !== g && [p, g].some((side) => ["yes", "no", "noanswer"].includes(side))
        expect(scores.em).toBe(Number(p === g))
        expect(scores.f1).toBeCloseTo(ruled || common === 0 ? 0 : (2 * common) / (predicted + size), 12)
        const other = hotpotAnswer(gold, prediction)
        expect([other.f1, other.prec, other.recall]).toEqual([scores.f1, scores.recall, scores.prec])
      }),
    )
  })
  test("MuSiQue takes each maximum on its own, BeerQA all scores of one gold", () => {
    fc.assert(
      fc.property(text, fc.array(text, { minLength: 1, maxLength: 4 }), (prediction, golds) => {
        const single = golds.map((gold) => musiqueAnswer(prediction, [gold]))
        expect(musiqueAnswer(prediction, golds)).toEqual({
          em: Math.max(...single.map(({ em }) => em)),
          f1: Math.max(...single.map(({ f1 }) => f1)),
        })
        const each = golds.map((gold) => hotpotAnswer(prediction, gold))
        const best = Math.max(...each.map(({ f1 }) => f1))
        expect(beerqaAnswer(prediction, golds)).toEqual(
          best === 0 ? { em: 0, f1: 0, prec: 0, recall: 0 } : each.find(({ f1 }) => f1 === best),
        )
      }),
    )
  })
})
