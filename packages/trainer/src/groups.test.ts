import { tmpdir } from "node:os"
import { toyContext } from "@swirl-ts/testing"
import { describe, expect, it } from "vitest"
import { distinctStates } from "./decompose.ts"
import { sampleGroups } from "./groups.ts"
import { groupValues } from "./step-values.ts"

const context = await toyContext(tmpdir(), {})
const states = distinctStates(context.trajectories)
const options = { samples: 16, maxTokens: 3 }

describe("sampleGroups", () => {
  it("asks the judge once for each distinct readable action, and never for malformed or cut-off ones", async () => {
    const asked: string[] = []
    const groups = await sampleGroups(
      {
        ...context,
        judge: (requests) => {
          asked.push(
            ...requests.map(
              ({ input, taskId, split }) => `${taskId} ${split} ${input.conversation.length} ${input.action.text}`,
            ),
          )
          return context.judge(requests)
        },
      },
      states.slice(0, 4),
      1,
      options,
    )
    const readable = groups.flatMap((group) => [
      ...new Set(
        group.actions
          .filter((sample) => sample.kind === "tool" || sample.kind === "answer")
          .map((sample) => sample.tokenIds.join()),
      ),
    ])
    expect(asked).toHaveLength(readable.length)
    for (const request of asked) expect(request).toMatch(/^train\/\d+ train \d/)
    const unasked = groups
      .flatMap((group) => group.actions)
      .filter((sample) => !["tool", "answer"].includes(sample.kind))
    expect(new Set(unasked.map((sample) => sample.kind))).toEqual(new Set(["malformed", "cut-off"]))
    for (const sample of unasked) expect(sample).toMatchObject({ reward: 0, verdict: "bad" })
  })

  it("gives the same actions for the same seed, iteration and state, whatever else is in the batch", async () => {
    const texts = async (drawn: typeof states, iteration: number) =>
      (await sampleGroups(context, drawn, iteration, options)).at(-1)!.actions.map((sample) => sample.text)
    const alone = await texts([states[2]!], 4)
    expect(await texts([states[0]!, states[1]!, states[2]!], 4)).toEqual(alone)
    expect(await texts([states[2]!], 5)).not.toEqual(alone)
  })

  it("makes one group, with different samples, of a state that was drawn twice", async () => {
    const [group, ...others] = await sampleGroups(context, [states[0]!, states[0]!], 1, options)
    expect(others).toEqual([])
    expect(group!.actions).toHaveLength(32)
    const [first, second] = [group!.actions.slice(0, 16), group!.actions.slice(16)]
    expect(first.map((sample) => sample.text)).not.toEqual(second.map((sample) => sample.text))
  })

  it("asks the engine to stop where the format does, and reads an action up to there, whatever its last token holds beside", async () => {
    const asked: unknown[] = []
    const parsed: string[] = []
    const stopping: typeof context = {
      ...context,
      engine: {
        ...context.engine,
        sample: (prompts, settings) => {
          asked.push(settings.stopSequences)
          return context.engine.sample(prompts, settings)
        },
      },
      format: {
        ...context.format,
        stops: () => [" "],
        parse: (turn, tools) => {
          parsed.push(turn.text)
          return context.format.parse(turn, tools)
        },
      },
    }
    const whole = (await sampleGroups(context, states.slice(0, 4), 1, options)).flatMap((group) => group.actions)
    const stopped = (await sampleGroups(stopping, states.slice(0, 4), 1, options)).flatMap((group) => group.actions)
    expect(asked).toEqual([[" "]])
    expect(stopped.map(({ text }) => text)).toEqual(whole.map(({ text }) => text.split(" ")[0]))
    expect(parsed).toEqual(stopped.map(({ text }) => text))
    expect(stopped.map(({ tokenIds }) => tokenIds)).toEqual(whole.map(({ tokenIds }) => tokenIds))
    expect(parsed).not.toEqual(whole.map(({ text }) => text))
  })

  it("leaves unscored actions without reward and reports them by kind", async () => {
    const groups = await sampleGroups(
      {
        ...context,
        judge: async (requests) =>
          requests.map(({ input }) =>
            input.action.action.kind === "answer"
              ? { verdict: "unscored", reason: "timeout" }
              : { verdict: "good", score: 0.7, reason: "" },
          ),
      },
      states,
      1,
      options,
    )
    for (const sample of groups.flatMap((group) => group.actions)) {
      if (sample.kind === "answer") expect(sample.reward).toBeUndefined()
      if (sample.kind === "tool") expect(sample.reward).toBe(0.7)
    }
    const values = groupValues(groups)
    expect(values).toMatchObject({ unscoredToolRate: 0, unscoredAnswerRate: 1 })
    expect(values.unscoredRate).toBeCloseTo(values.answerRate!, 12)
    expect(values.judgedReward).toBeCloseTo((0.7 * values.toolCallRate!) / (1 - values.answerRate!), 12)
  })

  it("refuses a judge that does not answer for every action, and an engine without token ids", async () => {
    await expect(sampleGroups({ ...context, judge: async () => [] }, states, 1, options)).rejects.toThrow(
      /The judge gave 0 verdicts for \d+ actions/,
    )
    const { conversation: _, ...bare } = context.engine.languageModel()
    const engine = { ...context.engine, languageModel: () => bare }
    await expect(sampleGroups({ ...context, engine }, states, 1, options)).rejects.toThrow("no token conversation")
  })
})
