import { existsSync, readFileSync } from "node:fs"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type ReadingName, readAll, readingNames, readings } from "./readings.ts"

interface Case extends Record<string, unknown> {
  response: string
  gold: string
  note: string
}
const cases = (
  JSON.parse(readFileSync(new URL("../../../fixtures/scorer_cases.json", import.meta.url), "utf8")) as { gsm8k: Case[] }
).gsm8k

/** The cases' own names: `lmeval_strict_extract`, `lmeval_strict`. */
const key = (name: ReadingName): string => (name === "official" ? name : `lmeval_${name}`)

describe("the official scripts' outputs", () => {
  test.each(cases)("$note: $response", (given) => {
    for (const name of readingNames) {
      const { extract, isRight } = readings[name]
      expect([name, extract(given.response)]).toEqual([name, given[`${key(name)}_extract`]])
      expect([name, Number(isRight(given.response, given.gold))]).toEqual([name, given[key(name)]])
    }
  })

  test("there are all 23 of them", () => expect(cases).toHaveLength(23))
})

describe("beyond the cases", () => {
  const right = (response: string, gold = "x\n#### 18") => readAll(response, gold)

  test("official and strict take the first mark, flexible and llama the last number", () => {
    expect(right("#### 18 or #### 20")).toMatchObject({ official: 1, strict: 1, flexible: 0 })
    expect(right("#### 20 or #### 18")).toMatchObject({ official: 0, strict: 0, flexible: 1 })
    expect(right("The final answer is 20. The final answer is 18")).toMatchObject({ cot_llama_strict: 1 })
  })

  test("the harness's readings end at their own task's stop strings, the official one does not", () => {
    expect(right("Q: #### 18")).toMatchObject({ official: 1, strict: 1, flexible: 1 })
    expect(right("Question: #### 18")).toMatchObject({ official: 1, strict: 0, flexible: 0 })
    expect(right("Q: The answer is 18. The final answer is 18")).toMatchObject({ cot_strict: 0, cot_llama_strict: 0 })
    expect(right("<|eot_id|>The answer is 18. The final answer is 18")).toMatchObject({
      cot_strict: 1,
      cot_llama_strict: 0,
    })
  })

  test("long junk is read in no time", () => {
    const began = performance.now()
    for (const junk of [".", "$", "-", "#", "#### ", " ", "The answer is "]) readAll(junk.repeat(100_000), "#### 18")
    expect(performance.now() - began).toBeLessThan(2000)
  })

  test("cot_strict needs one more character after the number, and a line end is none", () => {
    expect(readings.cot_strict.extract("The answer is 18")).toBe("1")
    expect(readings.cot_strict.extract("The answer is 18\n")).toBe("1")
    expect(readings.cot_strict.extract("The answer is 18.")).toBe("18")
    expect(readings.cot_strict.extract("The answer is 18\u2028")).toBe("18")
    expect(readings.cot_strict.extract("The answer is 8")).toBe("[invalid]")
  })

  test("the chain-of-thought tasks strip their gold, the base task does not", () => {
    expect(right("#### 18\nThe final answer is 18", "x\n#### 18 ")).toMatchObject({ strict: 0, cot_llama_strict: 1 })
  })

  test("a gold without a number is right for nobody officially", () => {
    expect(readings.official.isRight("no number", "no number")).toBe(false)
  })

  test("no response is wrong in every reading", () => {
    expect(Object.values(readAll(undefined, "x\n#### 18"))).toEqual([0, 0, 0, 0, 0])
  })

  test("any response is read, and a marked gold number is always right officially and strictly", () => {
    const gold = fc.integer().map((n) => `steps\n#### ${n.toLocaleString("en-US")}`)
    fc.assert(
      fc.property(gold, fc.string({ unit: "binary" }), (answer, noise) => {
        for (const value of Object.values(readAll(noise, answer))) expect([0, 1]).toContain(value)
        const response = `${noise.replaceAll("#", "")}${answer}\n${noise}`
        expect(readAll(response, answer)).toMatchObject({ official: 1, strict: 1 })
      }),
    )
  })
})

const samples = new URL("../../../../shared/data/gsm8k/preds/openai_example_model_solutions.jsonl", import.meta.url)
const present = existsSync(samples)
if (!present) console.warn(`skipped: ${samples.pathname} is not there`)

test.skipIf(!present)("OpenAI's 5,276 stored flags are reproduced", () => {
  const models = ["6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification"]
  type Sample = { ground_truth: string } & Record<string, { solution: string; is_correct: boolean }>
  const marked = (text: string) => text.replace(/^A: ?/gm, "#### ")
  const rows = readFileSync(samples, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Sample)
  const totals = models.map(() => 0)
  let equal = 0
  for (const row of rows) {
    models.forEach((model, i) => {
      const right = readings.official.isRight(marked(row[model]!.solution), marked(row.ground_truth))
      totals[i]! += Number(right)
      equal += Number(right === row[model]!.is_correct)
    })
  }
  expect(totals).toEqual([286, 515, 458, 742])
  expect(equal).toBe(5276)
})
