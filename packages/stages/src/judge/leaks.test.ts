import { judgeOptions } from "@swirl-ts/bench-sandbox"
import type { Judge, JudgeInput, Trajectory } from "@swirl-ts/core"
import { consensus, form, grounded, llm } from "@swirl-ts/judges"
import { fakeContext, trajectory } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { findJudgeLeaks } from "./leaks.ts"

const trajectories: Trajectory[] = [
  trajectory("a", "use calculator . mira has 12 apples . she buys 5 more . how many does she have now ?", [
    ["12 + 5", "17"],
    ["12 + 5", "17"],
    ["!no closing tag", "error: malformed"],
    ["=17"],
  ]),
  trajectory("b", "use search . what is the mayor of the city where mira was born ?", [
    ["?mira born", "mira was born in oslo ."],
    ["?oslo mayor", "the mayor of oslo is kai ."],
    ["=oslo"],
  ]),
  trajectory("c", "Question: A 20% discount on $50?", [
    ["50 * .2", "10.0"],
    ["50 - 10", "40.0"],
  ]),
]

/** A judge that calls every step good unless what it peeks at is there. */
const peeking = (peek: (input: JudgeInput & Record<string, unknown>) => unknown): Judge => ({
  identity: "peeking",
  judge: (input) => ({ verdict: peek(input as never) ? "bad" : "good", reason: "" }),
})

describe("the judge contract", () => {
  it.each([
    ["bench-sandbox/lookup", judgeOptions.grounded],
    ["bench-gsm8k/gsm8k", {}],
  ])("grounded sees prompt, conversation and action only (%s)", async (benchmark, options) => {
    expect(await findJudgeLeaks(grounded({ ...options, benchmark, seed: 3 }), trajectories)).toEqual([])
    expect(await findJudgeLeaks(grounded({ ...options, benchmark, seed: 3, noise: 0.5 }), trajectories)).toEqual([])
    expect(await findJudgeLeaks(form({ benchmark, seed: 3 }), trajectories)).toEqual([])
  })

  it("llm sees prompt, conversation and action only, whatever its model makes of them", async () => {
    const bySight = (prompt: string): string => (prompt.length % 2 ? "GOOD" : prompt.length % 3 ? "BAD" : "neither")
    for (const votes of [1, 3]) {
      const { context } = fakeContext(
        (prompt, { seed = 0 }) => `${prompt.length} ${bySight(prompt + "x".repeat(seed % 5))}`,
      )
      const judge = await llm({ benchmark: "bench-sandbox/calc", seed: 3, model: "fake:m", votes }, context)
      expect(await findJudgeLeaks(judge, trajectories)).toEqual([])
    }
  })

  it("consensus sees its siblings' answers and results besides, in whatever order", async () => {
    const again = ["a", "b", "c"].map((id) => ({
      ...trajectory(id, "use calculator . mira has 12 apples . she buys 5 more . how many does she have now ?", [
        ["12 + 5", "17"],
        ["=17"],
      ]),
      taskId: "test/a",
      answer: "17",
    }))
    const judge = consensus({ benchmark: "bench-sandbox/calc", seed: 3 })
    expect(await findJudgeLeaks(judge, [...trajectories, ...again], { needsSiblings: true })).toEqual([])
    const peeks = peeking(
      ({ siblings = [] }) => (siblings[0] as { reference?: string } | undefined)?.reference === "two",
    )
    expect(await findJudgeLeaks(peeks, trajectories, { needsSiblings: true })).toEqual([
      "verdicts change with extra fields of the siblings",
      "reads siblings.reference",
    ])
    const first = peeking(({ siblings = [] }) => siblings[0]?.answer === undefined)
    expect(await findJudgeLeaks(first, [...trajectories, ...again], { needsSiblings: true })).toEqual([
      "verdicts change with the order of the siblings",
    ])
  })

  it("catches a judge that reads the task", async () => {
    const leaks = await findJudgeLeaks(
      peeking((input) => (input.task as { answer?: string } | undefined)?.answer === "one"),
      trajectories,
    )
    expect(leaks).toEqual(["verdicts change with extra fields of the input", "reads input.task"])
  })

  it("catches a judge that only looks", async () => {
    expect(
      await findJudgeLeaks(
        peeking((input) => "reference" in input && false),
        trajectories,
      ),
    ).toEqual(["reads input.reference"])
  })

  it("catches extra fields of the action", async () => {
    const leaks = await findJudgeLeaks(
      peeking((input) => (input.action as unknown as { gold?: string }).gold === "two"),
      trajectories,
    )
    expect(leaks).toEqual(["verdicts change with extra fields of the input"])
  })

  it("catches a judge that remembers what it was asked", async () => {
    let asked = 0
    expect(
      await findJudgeLeaks(
        peeking(() => asked++ > 5),
        trajectories,
      ),
    ).not.toEqual([])
  })
})
