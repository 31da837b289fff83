import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { hotpotAnswer, pythonRound } from "@swirl-ts/bench-kit"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { fixtureFiles } from "./files.ts"
import { bits, jointScores } from "./reasoning-chain.ts"
import { chainMetrics, scoreFiles } from "./score-files.ts"

interface ChainCase {
  items: [string, string][]
  per: number[][]
  joint_p: number
  joint_r: number
  joint_f1: number
  joint_em: number
  neglog2_joint_f1: number | "inf"
  neglog2_joint_em: number | "inf"
}
const path = fileURLToPath(new URL("../../../fixtures/scorer_cases.json", import.meta.url))
const cases = JSON.parse(readFileSync(path, "utf8")) as { cofca_chain_UNOFFICIAL: ChainCase[] }
const rounded = (value: number) => (Number.isFinite(value) ? pythonRound(value, 4) : "inf")
const gold = (fields: object = {}) => ({
  _id: "q1",
  question: "Who?",
  answer: "Lena Ortiz",
  type: ["2-hop", "bridge"],
  context: [],
  sub_questions: ["Where?", "Who?"],
  sub_answers: ["Vastel", "Lena Ortiz"],
  ...fields,
})
const score = (golds: readonly unknown[], predictions: unknown) =>
  scoreFiles(JSON.stringify(golds), JSON.stringify(predictions))

it.each(cases.cofca_chain_UNOFFICIAL)("chain: $note", ({ items, per, ...expected }) => {
  const scores = items.map(([prediction, answer]) => hotpotAnswer(prediction, answer))
  expect(scores.map(({ em, f1, prec, recall }) => [em, f1, prec, recall].map(rounded))).toEqual(per)
  const joint = jointScores(scores)
  expect(rounded(joint.prec)).toBe(expected.joint_p)
  expect(rounded(joint.recall)).toBe(expected.joint_r)
  expect(rounded(joint.f1)).toBe(expected.joint_f1)
  expect(rounded(joint.em)).toBe(expected.joint_em)
  expect(rounded(bits(joint.f1))).toBe(expected.neglog2_joint_f1)
  expect(rounded(bits(joint.em))).toBe(expected.neglog2_joint_em)
})

describe("files", () => {
  it("final answers alone: HotpotQA's four, missing ones wrong", () => {
    const golds = [gold(), gold({ _id: "q2" })]
    expect(score(golds, { q1: "lena ortiz" }).metrics).toEqual({ em: 0.5, f1: 0.5, prec: 0.5, recall: 0.5 })
  })

  it("reads answers and sub-answers question by question too, and sub-answers alone", () => {
    const golds = ["q1", "q2"].map((_id) => gold({ _id }))
    const sub_answers = { q1: ["Vastel", "Lena Ortiz"], q2: ["no"] }
    const parts = score(golds, { answer: { q1: "Lena Ortiz", q2: "no" }, sub_answers })
    const byQuestion = {
      q1: { answer: "Lena Ortiz", sub_answers: sub_answers.q1 },
      q2: { answer: "no", sub_answers: sub_answers.q2 },
    }
    expect(score(golds, byQuestion)).toEqual(parts)
    expect(parts.metrics.sub_em).toBe(0.5)
    expect(score(golds, { q1: { answer: "Lena Ortiz" }, q2: "no" })).toEqual(
      score(golds, { q1: "Lena Ortiz", q2: "no" }),
    )
    const alone = score(golds, { answer: null, sub_answers })
    expect(alone.metrics).toMatchObject({ em: 0, sub_em: 0.5 })
    expect(alone).toEqual(score(golds, { sub_answers }))
  })

  it("sub-answers that match no question are said", () => {
    const notes = score([gold()], { answer: { q1: "x" }, sub_answers: { typo: ["b"] } }).notes
    expect(notes).toEqual([
      "0 of 1 gold questions have a prediction of sub-answers; the others score 0",
      '1 of 1 predictions of sub-answers name no gold question: "typo"',
    ])
  })

  it("gold may stand under the key data", () => {
    const predictions = JSON.stringify({ q1: "Lena Ortiz" })
    expect(scoreFiles(JSON.stringify({ data: [gold()] }), predictions).metrics.em).toBe(1)
  })

  it("tells right answers with right steps from those with a wrong one", () => {
    const golds = ["q1", "q2", "q3"].map((_id) => gold({ _id }))
    const answer = { q1: "Lena Ortiz", q2: "Lena Ortiz", q3: "no" }
    const sub_answers = { q1: ["Vastel", "Lena Ortiz"], q2: ["city of Vastel"], q3: ["Vastel", "Lena Ortiz", "more"] }
    const { metrics, items } = score(golds, { answer, sub_answers })
    expect(metrics.em).toBeCloseTo(2 / 3, 12)
    expect(metrics.right_all_subs_right).toBeCloseTo(1 / 3, 12)
    expect(metrics.right_with_wrong_sub).toBeCloseTo(1 / 3, 12)
    expect(metrics.sub_em).toBeCloseTo(4 / 6, 12)
    expect(metrics.sub_f1).toBeCloseTo(4.5 / 6, 12)
    expect(metrics.ours_joint_em_bits).toBeCloseTo(Math.log2(3), 12)
    expect(items[1]!.metrics).toMatchObject({ sub_em: 0, sub_f1: 0.25, ours_joint_f1: 0 })
  })

  it("same `_id` in several records: each has an id of its own, and the shared one answers all that have none", () => {
    const golds = [gold(), gold(), gold({ type: "3-hop" })]
    const { items } = score(golds, { "q1__2-hop-bridge__2": "Lena Ortiz" })
    expect(items.map(({ id }) => id)).toEqual(["q1__2-hop-bridge__1", "q1__2-hop-bridge__2", "q1__3-hop__1"])
    expect(items.map(({ metrics }) => metrics.em)).toEqual([0, 1, 0])
    const shared = score(golds, { q1: "Lena Ortiz", "q1__3-hop__1": "no" })
    expect(shared.items.map(({ metrics }) => metrics.em)).toEqual([1, 1, 0])
    expect(shared.metrics.ours_answered_by_shared_id).toBe(2)
    expect(score([gold({ _id: "q1__2-hop-bridge__4" })], {}).items[0]!.id).toBe("q1__2-hop-bridge__4")
    const taken = score([gold(), gold(), gold({ _id: "q1__2-hop-bridge__2" })], {}).items.map(({ id }) => id)
    expect(new Set(taken).size).toBe(3)
    const untyped = [gold({ type: null }), gold({ type: undefined }), gold({ type: [] }), gold({ type: 2 })]
    const ids = score(untyped, {}).items.map(({ id }) => id)
    expect(ids).toEqual(["q1__2hop__1", "q1__2hop__2", "q1__2hop__3", "q1__2__1"])
  })

  it("legal gold: empty context, no sub-answers, empty answer", () => {
    const bare = { _id: 7, answer: "" }
    expect(score([bare], { answer: { "7": "the" }, sub_answers: {} }).metrics).toEqual({
      em: 1,
      f1: 0,
      prec: 0,
      recall: 0,
    })
  })

  it.each([null, 7, true, ["Lena Ortiz"], {}])("what is no text is wrong, and no error: %j", (value) => {
    expect(score([gold({ answer: "7" })], { q1: value }).metrics.em).toBe(0)
    const { metrics } = score([gold()], { answer: { q1: "Lena Ortiz" }, sub_answers: { q1: value } })
    expect(metrics).toMatchObject({ em: 1, right_all_subs_right: 0, right_with_wrong_sub: 1 })
    const inside = score([gold()], { answer: { q1: "Lena Ortiz" }, sub_answers: { q1: [value, "Lena Ortiz"] } })
    expect(inside.metrics).toMatchObject({ em: 1, sub_em: 0.5 })
  })

  it("a joint value of 0 has no bits, so that the report is JSON", () => {
    const { metrics } = score([gold()], { answer: { q1: "x" }, sub_answers: {} })
    expect(metrics).toMatchObject({ ours_joint_em: 0, ours_joint_f1: 0 })
    expect(metrics).not.toHaveProperty("ours_joint_em_bits")
    expect(JSON.stringify(metrics)).not.toContain("null")
  })

  it("broken files are named", () => {
    expect(() => score([gold({ answer: undefined })], {})).toThrow('the gold file, entry 0: "answer" is missing')
    expect(() => score([gold()], [])).toThrow("The predictions file is no JSON object")
    expect(() => scoreFiles(JSON.stringify([gold()]).slice(0, 60), "{}")).toThrow(/gold file/)
  })

  it("the fixture's own answers are right in every measure", () => {
    for (const file of fixtureFiles) {
      const text = readFileSync(file, "utf8")
      const records = JSON.parse(text) as { _id: string; answer: string; sub_answers: string[] }[]
      const answer = Object.fromEntries(records.map((record) => [record._id, record.answer]))
      const sub_answers = Object.fromEntries(records.map((record) => [record._id, record.sub_answers]))
      const { metrics } = scoreFiles(text, JSON.stringify({ answer, sub_answers }))
      expect(metrics).toMatchObject({ em: 1, sub_em: 1, right_all_subs_right: 1, ours_joint_f1_bits: 0 })
    }
  })
})

it("any chain: joint values never exceed the weakest link", () => {
  const word = fc.array(fc.constantFrom("a1", "b1", "c1"), { maxLength: 3 }).map((words) => words.join(" "))
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word), { minLength: 2, maxLength: 5 }), (pairs) => {
      const [final, ...subs] = pairs.map(([prediction, answer]) => hotpotAnswer(prediction, answer))
      const metrics = chainMetrics(final!, subs)
      for (const name of ["em", "prec", "recall"] as const) {
        const weakest = Math.min(final![name], ...subs.map((sub) => sub[name]))
        expect(metrics[`ours_joint_${name}`]).toBeLessThanOrEqual(weakest)
      }
      expect(metrics.right_all_subs_right! + metrics.right_with_wrong_sub!).toBe(final!.em)
      expect(metrics.right_all_subs_right).toBe(metrics.ours_joint_em)
    }),
  )
})
