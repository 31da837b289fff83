import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import {
  assistantMessage,
  type GenerateOptions,
  type Prompt,
  readGeneration,
  seedFrom,
  type Trajectory,
  userMessage,
} from "@swirl-ts/core"
import { jsonLines, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { replayProvider } from "./replay.ts"

const question = "What is 6 * 7?"

function trajectory(changes: Partial<Trajectory> = {}): Trajectory {
  return {
    schema: "swirl.trajectory/1",
    id: `t-${JSON.stringify(changes).length}-${changes.epoch ?? 0}-${changes.policy ?? ""}`,
    taskId: "task",
    benchmark: "b/b",
    split: "test",
    epoch: 0,
    seed: 7,
    policy: "p",
    actionFormat: "tags",
    question,
    prompt: [userMessage(question)],
    steps: [
      {
        index: 0,
        kind: "tool",
        text: "<calc>6 * 7</calc>",
        call: { tool: "calc", input: { expression: "6 * 7" }, query: "6 * 7" },
        observation: { text: "42", isError: false },
        finishReason: "stop",
      },
      { index: 1, kind: "answer", text: "<answer>42</answer>", answer: "42", finishReason: "stop" },
    ],
    answer: "42",
    status: "answered",
    usage: { inputTokens: 31, outputTokens: 9 },
    ...changes,
  }
}

async function replayOf(...trajectories: Trajectory[]) {
  const workingDirectory = temporaryFolder()
  mkdirSync(join(workingDirectory, "run"))
  writeFileSync(join(workingDirectory, "run/trajectories.jsonl"), jsonLines(trajectories))
  const { model, ...opened } = await replayProvider.open("run", {}, testHost({ workingDirectory }))
  const say = async (prompt: Prompt, more: Partial<GenerateOptions> = {}) =>
    readGeneration(await model.doGenerate({ prompt, ...more }))
  return { say, ...opened }
}

const begun = [userMessage(question)]
const after = (observation: string): Prompt => [
  ...begun,
  assistantMessage("<calc>6 * 7</calc>"),
  userMessage(`6 * 7 -> ${observation}`),
]

describe("replay", () => {
  it("says what was said, step by step, and spends nothing", async () => {
    const { say, identityIsDigest } = await replayOf(trajectory())
    expect(identityIsDigest).toBe(true)
    const first = await say(begun)
    expect(first).toMatchObject({ text: "<calc>6 * 7</calc>", toolCalls: [], cached: true, finishReason: "stop" })
    const last = await say(after("42"))
    expect(last.text).toBe("<answer>42</answer>")
    expect(first.usage.inputTokens + last.usage.inputTokens).toBe(31)
    expect(first.usage.outputTokens + last.usage.outputTokens).toBe(9)
  })

  it("makes a call of its own where tools are offered with the request", async () => {
    const { say } = await replayOf(trajectory({ actionFormat: "native" }))
    const tools: GenerateOptions["tools"] = [{ type: "function", name: "calc", description: "", inputSchema: {} }]
    expect((await say(begun, { tools })).toolCalls).toMatchObject([
      { toolName: "calc", input: '{"expression":"6 * 7"}' },
    ])
  })

  it("tells samples of a question apart by their seeds", async () => {
    const other = trajectory({ epoch: 1, steps: [{ ...trajectory().steps[1]!, index: 0, text: "at once" }] })
    const { say } = await replayOf(trajectory(), other)
    expect((await say(begun, { seed: seedFrom(7, "task", 1, 0) })).text).toBe("at once")
    expect((await say(begun, { seed: seedFrom(7, "task", 0, 0) })).text).toBe("<calc>6 * 7</calc>")
    await expect(say(begun, { seed: 1 })).rejects.toThrow(/task, step 1: 2 different turns are recorded.*\(--seed 7\)/s)
  })

  it.each<[string, Trajectory, Prompt, RegExp]>([
    [
      "another question",
      trajectory(),
      [userMessage("What else?")],
      /^run has no conversation that begins like this one/,
    ],
    ["another result", trajectory(), after("43"), /task, step 2: what was answered so far.*--replay-tools run$/s],
    [
      "past its end",
      trajectory({ status: "step-limit", steps: trajectory().steps.slice(0, 1) }),
      after("42"),
      /ended before \(step-limit\)\. Nothing is known/,
    ],
    [
      "past its failure",
      trajectory({ status: "error", error: "the server was gone", steps: trajectory().steps.slice(0, 1) }),
      after("42"),
      /ended before \(error: the server was gone\)/,
    ],
  ])("has a sentence for %s", async (_what, recorded, prompt, sentence) => {
    const { say } = await replayOf(recorded)
    await expect(say(prompt)).rejects.toThrow(sentence)
  })

  it("ends at a token limit where the recording did", async () => {
    const { say } = await replayOf(trajectory({ status: "token-limit", steps: trajectory().steps.slice(0, 1) }))
    await expect(say(after("42"))).rejects.toMatchObject({ isContextOverflow: true })
  })

  it("refuses two policies in one folder, a folder without any, and none", async () => {
    const usage = { kind: "usage" }
    await expect(replayOf(trajectory(), trajectory({ policy: "q" }))).rejects.toThrow(
      /2 policies said.*replay:.*\(q\)/s,
    )
    await expect(replayProvider.open("", {}, testHost())).rejects.toMatchObject(usage)
    await expect(replayProvider.check!("nowhere", testHost())).rejects.toThrow(/There is no recorded run at .*nowhere/)
    const workingDirectory = temporaryFolder()
    await expect(replayProvider.check!(".", testHost({ workingDirectory }))).rejects.toThrow("holds no trajectories")
  })

  it("knows one recording from another", async () => {
    const [a, b] = await Promise.all([replayOf(trajectory()), replayOf(trajectory({ seed: 8 }))])
    const again = await replayOf(trajectory())
    expect(a.identity).toBe(again.identity)
    expect(a.identity).not.toBe(b.identity)
  })
})
