import { assistantMessage, type Generation, readGeneration } from "@swirl-ts/core"
import { fakeModel } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { answer, call, makeTasks, settings } from "../test/sums.ts"
import { conversationBefore } from "./conversation.ts"
import { native } from "./format-native.ts"
import { tags } from "./format-tags.ts"
import { modelTurn, withUniqueCallIds } from "./model-turn.ts"
import { runTrajectory } from "./trajectory.ts"

const task = makeTasks(5)[4]!
const stop = { finishReason: "stop", usage: { inputTokens: 1, outputTokens: 1 } } as const
const toolCall = (toolCallId: string, providerMetadata?: object) =>
  ({ type: "tool-call", toolCallId, toolName: "calculator", input: '{"expression":"4+1"}', providerMetadata }) as never

describe("a turn that goes back", () => {
  it("brings what its provider sent with thoughts, text and calls", () => {
    const generation = readGeneration({
      ...stop,
      content: [
        { type: "reasoning", text: "hm", providerMetadata: { anthropic: { signature: "s" } } },
        { type: "text", text: "so", providerMetadata: { google: { thoughtSignature: "t" } } },
        toolCall("a", { google: { thoughtSignature: "c" } }),
      ],
    })
    expect(modelTurn(native, generation).content).toEqual([
      { type: "reasoning", text: "hm", providerOptions: { anthropic: { signature: "s" } } },
      { type: "text", text: "so", providerOptions: { google: { thoughtSignature: "t" } } },
      expect.objectContaining({ type: "tool-call", providerOptions: { google: { thoughtSignature: "c" } } }),
    ])
  })

  it("is as the format writes it where the provider sent nothing along, its thoughts aside", () => {
    const content = [{ type: "text" as const, text: "<think>hm</think><answer>5</answer>" }]
    expect(modelTurn(tags, readGeneration({ ...stop, content }))).toEqual(assistantMessage("<answer>5</answer>"))
  })

  it.each([
    ["tags", tags],
    ["native", native],
  ])("is never empty (%s)", (_name, format) => {
    for (const text of ["", "  \n"])
      expect(modelTurn(format, { text, toolCalls: [] })).toEqual(assistantMessage("(an empty turn)"))
  })
})

describe("ids of calls", () => {
  const turn = (...ids: string[]): Generation => readGeneration({ ...stop, content: ids.map((id) => toolCall(id)) })
  const ids = ({ toolCalls }: Generation) => toolCalls.map(({ toolCallId }) => toolCallId)

  it("stay where they are unique, and are invented where they are missing or taken", () => {
    expect(ids(withUniqueCallIds(turn("a", "b"), [], 0))).toEqual(["a", "b"])
    const first = withUniqueCallIds(turn("", ""), [], 0)
    const second = withUniqueCallIds(turn("", ids(first)[0]!, "c", "c"), [modelTurn(native, first)], 1)
    const all = [...ids(first), ...ids(second)]
    expect(new Set(all).size).toBe(6)
    expect(all.filter((id) => id !== "c").every((id) => /^[a-z0-9]{9}$/.test(id))).toBe(true)
    expect(ids(withUniqueCallIds(turn("", ""), [], 0))).toEqual(ids(first))
  })

  it("are unique over a trajectory whose server counts every turn's from zero", async () => {
    const model = fakeModel((_options, step) => (step < 2 ? { content: [toolCall("call_0")] } : answer("5")))
    await runTrajectory({ ...settings(model), task, format: native })
    const sent = model.calls
      .at(-1)!
      .prompt.flatMap(({ role, content }) =>
        role === "assistant" || role === "tool"
          ? content.map((part) => (part.type === "tool-call" || part.type === "tool-result" ? part.toolCallId : ""))
          : [],
      )
    expect(sent[0]).toBe("call_0")
    expect(new Set(sent).size).toBe(2)
    expect(sent.filter((_id, index) => index % 2 === 0)).toEqual(sent.filter((_id, index) => index % 2 === 1))
  })
})

it("thoughts are kept in the record, parsed as no action, and not shown to the next turn", async () => {
  const thought = "I could call <math_exp>4 + 1</math_exp> or write <answer>6</answer>."
  const model = fakeModel((_options, step) => `${thought}</think>\n\n${step === 0 ? call("4 + 1") : answer("5")}`)
  const s = settings(model)
  const trajectory = await runTrajectory({ ...s, task })
  expect(trajectory).toMatchObject({
    answer: "5",
    steps: [
      { kind: "tool", text: call("4 + 1"), reasoning: [{ text: thought }] },
      { kind: "answer", text: answer("5"), reasoning: [{ text: thought }] },
    ],
  })
  expect(JSON.stringify(model.calls[1]!.prompt)).not.toContain("I could call")
  expect(conversationBefore(trajectory, 1, s.format)).toEqual(model.calls[1]!.prompt)
})

it("what a provider sent along is kept in the record and sent with every later request", async () => {
  const providerMetadata = { google: { thoughtSignature: "c" } }
  const model = fakeModel((_options, step) =>
    step < 2 ? { content: [toolCall(`call-${step}`, providerMetadata)] } : answer("5"),
  )
  const trajectory = await runTrajectory({ ...settings(model), task, format: native })
  expect(trajectory.steps[0]!.call).toMatchObject({ providerMetadata })
  for (const [index, { prompt }] of model.calls.entries())
    expect(conversationBefore(trajectory, index, native)).toEqual(prompt)
  expect(JSON.stringify(model.calls[2]!.prompt).split("thoughtSignature")).toHaveLength(3)
})

it("a turn that ended in an error is asked for again, and is none in the end", async () => {
  const failed = { text: answer("6"), finishReason: { unified: "error", raw: "network_error" } }
  const retry = { firstDelay: 1 }
  const once = fakeModel(() => (once.calls.length === 1 ? failed : answer("5")))
  expect(await runTrajectory({ ...settings(once), task, retry })).toMatchObject({ answer: "5", steps: { length: 1 } })
  const always = await runTrajectory({ ...settings(fakeModel(() => failed)), task, retry })
  expect(always).toMatchObject({
    status: "error",
    steps: [],
    error: expect.stringContaining("ended its turn with an error"),
  })
  expect(always.answer).toBeUndefined()
})
