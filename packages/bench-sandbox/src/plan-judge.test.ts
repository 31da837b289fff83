import { type Action, type JudgeInput, userMessage } from "@swirl-ts/core"
import { describe, expect, it } from "vitest"
import { planJudge, planVerdict } from "./plan-judge.ts"
import type { SandboxTask } from "./task.ts"

const calc = (expression: string): Action => ({
  kind: "tool",
  tool: "calculator",
  query: expression,
  input: { expression },
})
const find = (query: string): Action => ({ kind: "tool", tool: "tools-search/search", query, input: { query } })
const answer = (text: string): Action => ({ kind: "answer", answer: text })

/** 5 apples, buys 3 bags of 4, gives away 2: three calls, the first free, the others in a row. */
const apples: SandboxTask = {
  id: "test/0",
  question: "…",
  answer: "15",
  domain: "calc",
  structure: "bags-sub",
  plan: [
    { tool: "calculator", operator: "*", left: 3, right: 4, needs: [], result: "12" },
    { tool: "calculator", operator: "+", left: 5, right: 12, needs: [0], result: "17" },
    { tool: "calculator", operator: "-", left: 17, right: 2, needs: [1], result: "15" },
  ],
  numbers: [5, 3, 4, 2],
  entities: [],
  relations: [],
}
const mayor: SandboxTask = {
  ...apples,
  id: "test/1",
  answer: "tom",
  domain: "lookup",
  plan: [
    { tool: "search", entity: "mira", relation: "lives", needs: [], result: "oslo" },
    { tool: "search", entity: "oslo", relation: "mayor", needs: [0], result: "tom" },
  ],
}

describe("the plan judge", () => {
  const cases: [string, SandboxTask, Action[], Action, "good" | "bad", RegExp][] = [
    ["a needed call", apples, [], calc("3 * 4"), "good", /call 1 of 3/],
    ["a product the other way round", apples, [], calc("4 * 3"), "good", /call 1/],
    ["no blanks", apples, [], calc("3*4"), "good", /call 1/],
    ["a call before what it needs", apples, [], calc("5 + 12"), "bad", /not there yet/],
    ["a call that is not needed", apples, [], calc("5 + 3"), "bad", /does not need/],
    ["a difference the other way round", apples, [calc("3 * 4"), calc("5 + 12")], calc("2 - 17"), "bad", /not need/],
    ["a repeated call", apples, [calc("3 * 4")], calc("4 * 3"), "bad", /made before/],
    ["an early answer", apples, [calc("3 * 4")], answer("15"), "bad", /1 of 3/],
    ["the right answer", apples, [calc("3 * 4"), calc("12 + 5"), calc("17 - 2")], answer(" 15.0 "), "good", /right/],
    ["a wrong answer", apples, [calc("3 * 4"), calc("5 + 12"), calc("17 - 2")], answer("16"), "bad", /is 15/],
    ["a malformed turn", apples, [], { kind: "malformed", reason: "no tag" }, "bad", /no tag/],
    ["a lookup", mayor, [], find("mira lives"), "good", /call 1 of 2/],
    ["a lookup in a sentence", mayor, [], find("where Mira lives"), "good", /call 1/],
    ["two relations at once", mayor, [], find("mira lives mayor"), "bad", /does not need/],
    ["a guessed name", mayor, [], find("oslo mayor"), "bad", /not there yet/],
    ["the wrong tool", mayor, [], calc("mira lives"), "bad", /does not need/],
  ]
  for (const [name, task, conversation, action, verdict, reason] of cases) {
    it(`calls ${name} ${verdict}`, () => {
      expect(planVerdict(task, conversation, action)).toEqual({ verdict, reason: expect.stringMatching(reason) })
    })
  }

  const input: JudgeInput = {
    prompt: [userMessage("…")],
    conversation: [{ text: "next", action: calc("3 * 4"), observation: { text: "12", isError: false } }],
    action: { text: "next", action: calc("5 + 12") },
  }

  it("reads the conversation of a judge input", async () => {
    expect((await planJudge().judge(input, apples)).verdict).toBe("good")
  })

  it("turns around a share of its verdicts when told to, always the same ones", async () => {
    const judge = planJudge({ noise: 0.3, seed: 1 })
    const verdicts = async () =>
      Promise.all(
        Array.from({ length: 1000 }, async (_, i) => (await judge.judge(input, { ...apples, id: `t/${i}` })).verdict),
      )
    const first = await verdicts()
    expect(first.filter((verdict) => verdict === "bad").length / 1000).toBeCloseTo(0.3, 1)
    expect(await verdicts()).toEqual(first)
    expect(judge.identity).not.toBe(planJudge().identity)
  })

  it("says what it cannot work with", () => {
    expect(() => planJudge({ noise: 2 })).toThrow(/noise/)
    expect(() => planJudge().judge(input, { id: "test/0", question: "" })).toThrow(/no plan/)
  })
})
