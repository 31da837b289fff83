import { assistantMessage, instructions, joinTurns, messageText, promptWithExamples, workedCalls } from "@swirl-ts/core"
import { expect, it } from "vitest"
import { answer, benchmark, call, countingTokens, makeTasks, settings, tokenModel } from "../test/sums.ts"
import { conversationBefore } from "./conversation.ts"
import { inline } from "./format-inline.ts"
import { runTrajectory } from "./trajectory.ts"

const task = makeTasks(1)[0]!
const tools = [
  { name: "calculator", tag: { name: "math_exp", argument: "expression" }, description: "Adds.", inputSchema: {} },
]

it("interrupts the turn behind a call, puts the result there and lets the model go on in the same turn", async () => {
  const turns = [call("1 + 1"), `two. ${call("2 + 1")}`, answer("3")]
  const asked: unknown[] = []
  let index = 0
  const model = tokenModel((options) => {
    asked.push(options.stopSequences)
    return { text: turns[index++]! }
  }, countingTokens())
  const trajectory = await runTrajectory({ ...settings(model, { format: inline }), task })
  expect(trajectory).toMatchObject({ status: "answered", answer: "3", actionFormat: "inline" })
  expect(asked).toEqual(turns.map(() => ["</math_exp>", "</answer>"]))
  expect(model.conversation.encoded.slice(1)).toEqual([" -> 2", " -> 3"])
  const [, ...said] = joinTurns(conversationBefore(trajectory, 2, inline))
  expect(said.map(messageText)).toEqual([`${turns[0]} -> 2${turns[1]} -> 3`])
})

it("tells a turn without a call or an answer what is wrong, as a turn of its own", async () => {
  const turns = ["hm", answer("1")]
  let index = 0
  const model = tokenModel(() => ({ text: turns[index++]! }))
  const trajectory = await runTrajectory({ ...settings(model, { format: inline }), task })
  expect(trajectory.steps.map(({ kind }) => kind)).toEqual(["malformed", "answer"])
  expect(conversationBefore(trajectory, 1, inline).at(-1)!.role).toBe("user")
})

it("adds to the stops of a run, and is refused where the model cannot go on with its turn", async () => {
  let stops: unknown
  const model = tokenModel((options) => {
    stops = options.stopSequences
    return { text: answer("1") }
  })
  const sampling = { stopSequences: ["Question:"] }
  await runTrajectory({ ...settings(model, { format: inline, sampling }), task })
  expect(stops).toEqual(["Question:", "</math_exp>", "</answer>"])
  const server = { ...model, conversation: undefined }
  await expect(runTrajectory({ ...settings(server, { format: inline }), task })).rejects.toMatchObject({
    kind: "usage",
    message: expect.stringContaining("Use the action format tags or native"),
  })
})

it("shows worked examples with what is thought between the calls, in one turn; tags shows the calls alone", () => {
  const context = { format: inline, tools, limits: benchmark.limits }
  const calls = workedCalls(context, "calculator", [{ query: "1 + 1", result: "2.0", thought: "Both make " }])
  const example = { question: "how many?", calls, answer: "2", conclusion: " in all.\n" }
  const [asked, ...rest] = joinTurns(promptWithExamples("and now?", "A number.", context, [example]))
  expect(messageText(asked!)).toContain("in the same message")
  expect(messageText(asked!)).not.toContain("never both")
  expect(rest[0]).toEqual(
    joinTurns(
      ["Both make <math_exp>1 + 1</math_exp>", " -> 2.0", " in all.\n<answer>2</answer>"].map(assistantMessage),
    )[0],
  )
})

it("shows a call as it is written where no example does, and keeps its words where examples show it", () => {
  const context = { format: inline, tools, limits: benchmark.limits }
  const unshown = instructions("How many?", "", context)
  expect(unshown).toContain("as <")
  expect(unshown).not.toContain("CALL")
  const example = { question: "1?", calls: [], answer: "1" }
  const [first] = promptWithExamples("How many?", "", context, [example])
  expect(messageText(first!)).toContain("like this: CALL -> RESULT. Then go on")
  expect(messageText(promptWithExamples("How many?", "", context)[0]!)).toBe(unshown)
})
