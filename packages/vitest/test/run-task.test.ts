import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { TrajectorySchema } from "@swirl-ts/core"
import { fakeModel, jsonLines, temporaryFolder } from "@swirl-ts/test-support"
import { expect, runTask } from "@swirl-ts/vitest"
import { beforeAll, describe, test } from "vitest"

/** The sentence and the steps that a failing expectation says. */
function said(expectation: () => void): string {
  try {
    expectation()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error("it did not fail")
}

const script = (...replies: string[]) => fakeModel((_options, step) => replies[step] ?? "<answer>past its end</answer>")
const square = {
  description: "Squares a number.",
  inputSchema: { jsonSchema: { type: "object", properties: { value: { type: "number" } }, required: ["value"] } },
  execute: ({ value }: { value: number }) => {
    if (value < 0) throw new Error("below zero")
    return value * value
  },
}

describe("a run that went well", () => {
  let run: Awaited<ReturnType<typeof runTask>>
  beforeAll(async () => {
    run = await runTask({
      model: script("<math_exp>6 * 7</math_exp>", "<square>42</square>", "<answer>1764</answer>"),
      question: "What is the square of 6 * 7?",
      answer: "1764",
      tools: { square },
      toolNames: ["calculator"],
    })
  })

  test("is what the matchers say it is", () => {
    expect(run).toCallTool("square")
    expect(run).toCallTool("square", { value: 42 })
    expect(run).toCallTool("square", { value: expect.any(Number) })
    expect(run).not.toCallTool("square", { value: 6 })
    expect(run).toCallTools(["calculator", "square"])
    expect(run).not.toCallTools(["square", "calculator"])
    expect(run).toAnswer("1764")
    expect(run).toAnswer(/^17/)
    expect(run).toAnswer(expect.stringContaining("64"))
    expect(run).not.toAnswer("42")
    expect(run).toFollowProtocol()
    expect(run).toHaveNoToolErrors()
    expect(run).toTakeAtMostSteps(3)
    expect(run).toScore()
    expect(run).toScore(1, "exact")
  })

  test("can be looked at as a trajectory and step by step", () => {
    expect(run.trajectory).toAnswer("1764")
    expect(run.steps[1]).toCallTool("square", { value: 42 })
    expect(run.steps[2]).toAnswer("1764")
    expect(run.steps[0]).not.toAnswer()
  })

  test("shows its steps where it is not what was expected", () => {
    expect(said(() => expect(run).toCallTool("square", { value: 6 }))).toBe(
      `expected the trajectory of task to call square with {"value": 6}; it is called with {"value":42}
  1 tool      calculator({"expression":"6 * 7"}) -> 42.0
  2 tool      square({"value":42}) -> 1764
  3 answer    1764
  status: answered`,
    )
    expect(said(() => expect(run).toCallTool("search"))).toContain("to call search; it calls calculator, square\n")
    expect(said(() => expect(run).not.toAnswer("1764"))).toMatch(
      /^expected the trajectory of task not to answer "1764"/,
    )
    expect(said(() => expect(run).toTakeAtMostSteps(2))).toContain("to take 2 steps at most; it takes 3\n")
    expect(said(() => expect(run).toHaveGoodSteps())).toContain("nobody judged them: give runTask a judge")
    expect(said(() => expect(run).toScore(1, "f1"))).toContain("to score 1 or more by f1; known are exact")
    expect(said(() => expect(run.trajectory).toHaveReward(1))).toContain("nobody judged it: give runTask a judge")
  })
})

test("a run that went wrong is no error of the test until something is expected of it", async () => {
  const run = await runTask({
    model: script("<square>-1</square>", "both <square>1</square> and <answer>2</answer>"),
    question: "?",
    answer: "1",
    tools: { square },
    limits: { steps: 2 },
  })
  expect(
    said(() => expect(run).toHaveNoToolErrors()),
  ).toBe(`expected the trajectory of task to have no tool errors; step 1 (square)
  1 tool      square({"value":-1}) -> (error) error: below zero
  2 malformed both a call and an answer: "both <square>1</square> and <answer>2</answer>"
  status: step-limit`)
  expect(said(() => expect(run).toFollowProtocol())).toContain("of step 2 it cannot be said")
  expect(said(() => expect(run).toAnswer())).toContain("it gives no answer")
  expect(run).not.toScore()
})

test("a model that fails is told by the matchers", async () => {
  const model = fakeModel(() => {
    throw new Error("out of order")
  })
  const run = await runTask({ model, question: "?" })
  expect(run.status).toBe("error")
  expect(said(() => expect(run).toAnswer())).toContain("no step\n  status: error: out of order")
})

test("a judge's verdicts are a reward", async () => {
  const run = await runTask({
    model: script("<math_exp>6 * 7</math_exp>", "<answer>42</answer>"),
    question: "What is 6 * 7?",
    toolNames: ["calculator"],
    judge: "grounded",
  })
  expect(run.verdicts).toHaveLength(2)
  expect(run).toHaveGoodSteps()
  expect(run).toHaveReward(1)
})

test("what a judge did not call good is shown", async () => {
  const run = await runTask({
    model: script("<answer>99</answer>"),
    question: "What is 6 * 7?",
    toolNames: ["calculator"],
    judge: "grounded",
  })
  expect(said(() => expect(run).toHaveGoodSteps())).toMatch(/1 of 1 are not called good\n {2}1 answer {4}99 {2}\[bad: /)
  expect(said(() => expect(run).toHaveReward(0.5))).toContain("to have a reward of 0.5 or more; it is 0")
})

test("a task of a benchmark is run by its id, from a script, and again from what was recorded", async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, "script.json"), JSON.stringify(["<math_exp>1 + 1</math_exp>", "<answer>2</answer>"]))
  const of = { benchmark: "calc", id: "test/0" }
  const { trajectory: first } = await runTask({ ...of, model: `script:${join(folder, "script.json")}` })
  expect(first).toCallTool("calculator", { expression: "1 + 1" })
  mkdirSync(join(folder, "run"))
  writeFileSync(join(folder, "run/trajectories.jsonl"), jsonLines([TrajectorySchema.parse(first)]))
  const again = await runTask({ ...of, model: `replay:${join(folder, "run")}`, replayTools: join(folder, "run") })
  expect(again.steps).toEqual(first.steps)
})

test("wrong use is an error of the test", async () => {
  await expect(runTask({ model: "nothing:x", question: "?" })).rejects.toThrow('There is no model provider "nothing"')
  await expect(runTask({ model: script(), question: "?", toolNames: ["hammer"] })).rejects.toThrow(
    'There is no tool "hammer"',
  )
  // @ts-expect-error a text has no such matchers
  expect(said(() => expect("text").toAnswer("x"))).toContain("toAnswer looks at what runTask gives")
  // @ts-expect-error nor has a promise
  expect(said(() => expect(Promise.resolve()).toAnswer("x"))).toContain("a promise: await it first")
})
