/** `swirl eval` and `swirl compare` on a model that is a script: which questions a printed number stands for. */
import { jsonLines, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

const rows = (questions: readonly number[]) =>
  jsonLines(questions.map((number) => ({ question: `Question ${number} about pens?`, answer: `#### ${number}` })))
/** Answers questions rightly, but for those in `wrong`. */
const script = (wrong: readonly number[]) =>
  jsonLines(
    [...Array(30).keys()].map((number) => ({
      match: `Question ${number} `,
      reply: `<answer>${wrong.includes(number) ? 99 : number}</answer>`,
    })),
  )
const [ten, shifted] = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  [0, 1, 2, 3, 14, 15, 16, 17, 18, 19, 20, 21],
]
const folder = temporaryFolder({
  "ten.jsonl": rows(ten),
  "shifted.jsonl": rows(shifted),
  "others.jsonl": rows(ten.map((number) => number + 10)),
  "a.jsonl": script([0, 1, 14]),
  "b.jsonl": script([]),
})
const swirl = swirlIn(folder)
const evaluate = (run: string, model: string, data = "ten.jsonl", ...more: string[]) =>
  swirl("eval", "gsm8k", "--data", data, "--model", `script:${model}.jsonl`, "--run", run, "--quiet", ...more)

test("two files whose ids are the same rows and whose questions are not have nothing to compare", async () => {
  await evaluate("one", "a")
  await evaluate("two", "b", "others.jsonl")
  const { code, stderr } = await swirl("compare", "one", "two")
  expect([code, stderr]).toEqual([2, expect.stringContaining("of those asked, 10 are others under the same id")])
}, 60_000)

test("of files that share some questions those are compared, and the others are counted in text and JSON", async () => {
  await evaluate("part", "b", "shifted.jsonl")
  const { json } = await swirl("compare", "one", "part", "--json")
  expect(json.cells).toMatchObject([
    {
      base: { accuracy: 0.5, n: 4, questions: 4 },
      result: {
        accuracy: 1,
        n: 4,
        questions: 4,
        change: { value: 0.5, p: 0.25, baseAccuracy: 0.5 },
        leftOut: { onlyInA: 0, onlyInB: 2, otherQuestion: 6, unscored: 0 },
      },
    },
  ])
  const { stdout } = await swirl("compare", "one", "part")
  expect(stdout).toMatch(/50\.0 {2}100\.0 {3}\+50\.0 .* 0\.25 {2}4\n/)
  expect(stdout).toContain("left out of the questions: 2 only in b, 6 are others under the same id")
}, 60_000)

test("several policies in a run folder are named, greedy and sampled compared when asked, questions and samples told apart", async () => {
  const sampled = await evaluate("one", "b", "ten.jsonl", "--temperature", "1", "--epochs", "3")
  expect(sampled.stdout).toMatch(/questions {2}samples .*\n.* 72\.2 to 100\.0 +10 +30 /)
  const several = await swirl("compare", "one", "two")
  expect(several.code).toBe(2)
  const policies = [...several.stderr.matchAll(/one\/eval\/script-\S+/g)].map(([path]) => path)
  expect(policies).toHaveLength(2)
  const [a, b] = policies as [string, string]
  const refused = await swirl("compare", a, b)
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("--temperatures 0,1")])
  const { json } = await swirl("compare", a, b, "--temperatures", "0,1", "--json")
  // Two of ten questions differ: McNemar's mid-p is .25, not that of six of thirty.
  expect(json.cells).toMatchObject([
    {
      cell: "bench-gsm8k/gsm8k/test",
      against: "bench-gsm8k/gsm8k/test@1",
      base: { accuracy: 0.8, n: 10 },
      result: { accuracy: 1, n: 30, questions: 10, change: { p: 0.25 } },
    },
  ])
}, 60_000)
