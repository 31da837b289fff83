import { createRegistry, isSwirlError } from "@swirl-ts/core"
import { formats } from "@swirl-ts/runner"
import { testHost, trajectory } from "@swirl-ts/test-support"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { GivenVerdict } from "./judge-service.ts"
import { recordedStates } from "./recorded-states.ts"
import { rewardForms } from "./reward-forms.ts"

const { "/judge": own, "/openrlhf": openrlhf, "/slime": slime } = rewardForms
const context = {
  registry: createRegistry([formats()]),
  host: testHost(),
  directory: "runs/one",
  seed: 1,
  concurrency: 1,
}
const one = trajectory("abc", "what is 1 + 1 ?", [["1 + 1", "2"], ["=2"]])
const states = recordedStates(context, [one, trajectory("def", "what is 2 + 2 ?", [["2 + 2", "4"], ["=4"]])])

const given = (reward: number | undefined): GivenVerdict => ({
  verdict: reward === undefined ? "unscored" : reward > 0 ? "good" : "bad",
  reward,
  reason: "said",
  kind: "answer",
  cached: false,
})

describe("a state is found", () => {
  test.each([
    ["by its row id", { row_id: "abc/1" }],
    ["by trajectory and step", { trajectory_id: "abc", step_index: 1 }],
    [
      "by the messages before the action",
      {
        prompt: [
          { role: "user", content: "what is 1 + 1 ?" },
          { role: "assistant", content: "1 + 1" },
          { role: "user", content: [{ type: "text", text: "1 + 1 -> 2\n" }] },
        ],
      },
    ],
  ])("%s", (_how, name) => {
    const [asked] = own!.read({ actions: [{ ...name, completion: "<answer>2</answer>" }] }, states)
    expect([asked!.state.trajectory.id, asked!.state.step, asked!.completion.turn]).toEqual([
      "abc",
      1,
      "<answer>2</answer>",
    ])
  })

  test("by a text that is the one message of a user", () => {
    const [asked] = own!.read({ actions: [{ prompt: "what is 2 + 2 ?", completion: "" }] }, states)
    expect([asked!.state.trajectory.id, asked!.state.step]).toEqual(["def", 0])
  })

  test("by OpenRLHF's and slime's label, else by their prompt", () => {
    const body = { query: ["P <answer>2</answer>", "P x"], prompts: ["P", "P"], labels: ["abc/1", "def:0"] }
    expect(
      openrlhf!.read(body, states).map(({ state, completion }) => [state.trajectory.id, state.step, completion.turn]),
    ).toEqual([
      ["abc", 1, " <answer>2</answer>"],
      ["def", 0, " x"],
    ])
    const prompt = [{ role: "user", content: "what is 2 + 2 ?" }]
    expect(slime!.read({ prompt, response: "x", label: "4" }, states)[0]!.state.trajectory.id).toBe("def")
    expect(slime!.read({ prompt, response: "x", label: "abc#1" }, states)[0]!.state.step).toBe(1)
    expect(slime!.read({ prompt, response: "x" }, states)[0]!.state.step).toBe(0)
  })

  test("or the request is refused with what names nothing", () => {
    const refused = (action: object) => () => own!.read({ actions: [{ completion: "x", ...action }] }, states)
    expect(refused({ row_id: "ghi/0" })).toThrow(
      /"ghi\/0" names no state of runs\/one: it holds no trajectory of that id/,
    )
    expect(refused({ row_id: "abc/2" })).toThrow(/has 2 steps, counted from 0/)
    expect(refused({ row_id: "abc" })).toThrow(/"abc" is no row id/)
    expect(refused({})).toThrow(/actions\.0 names no state/)
    expect(refused({ prompt: "what is 3 + 3 ?" })).toThrow(
      /1 messages that begins "what is 3 \+ 3 \?" is that of no state/,
    )
    expect(refused({ row_id: "abc/0", completion: [] })).toThrow(/completion of 0 messages/)
    expect(refused({ row_id: "abc/0", completion: { role: "user", content: "x" } })).toThrow(/completion/)
    expect(refused({ row_id: "abc/0", completion: "x".repeat(200_000) })).toThrow(/completion/)
    expect(() => openrlhf!.read({ query: ["a"], prompts: ["b"], labels: ["abc/0"] }, states)).toThrow(
      /query\.0 \(row abc\/0\) does not begin with its prompt/,
    )
    expect(() => openrlhf!.read({ query: ["a", "b"], prompts: ["b"], labels: [] }, states)).toThrow(/belong together/)
  })
})

test("whatever is sent is read or refused in a sentence, and nothing else happens", () => {
  const action = fc.record(
    {
      row_id: fc.oneof(fc.constantFrom("abc/0", "abc/9"), fc.string()),
      trajectory_id: fc.string(),
      step_index: fc.oneof(fc.integer(), fc.double()),
      prompt: fc.oneof(fc.string(), fc.jsonValue()),
      completion: fc.oneof(fc.string(), fc.jsonValue()),
      truncated: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  const list = fc.array(fc.oneof(fc.string(), fc.jsonValue()), { maxLength: 3 })
  const bodies = fc.oneof(
    fc.jsonValue(),
    fc.record({ actions: fc.oneof(fc.array(action, { maxLength: 3 }), fc.jsonValue()) }),
    fc.record({ query: list, prompts: list, labels: list }),
    fc.record({ prompt: fc.jsonValue(), response: fc.jsonValue(), label: fc.jsonValue() }),
  )
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(rewardForms)), bodies, (form, body) => {
      try {
        for (const { state, completion } of form.read(body, states)) {
          expect(["abc", "def"]).toContain(state.trajectory.id)
          expect(["string", "object"]).toContain(typeof completion.turn)
        }
      } catch (error) {
        if (!isSwirlError(error)) throw error
        expect([error.kind, error.message.length < 600]).toEqual(["usage", true])
      }
    }),
    { numRuns: 400 },
  )
})

describe("no verdict is said by the means that each form has, and never as a number", () => {
  test("null in ours and slime's; what JSON can say", () => {
    const answer = JSON.parse(own!.write([given(1), given(undefined), given(0)]))
    expect([answer.rewards, answer.no_verdict]).toEqual([[1, null, 0], 1])
    expect(answer.verdicts[1]).toMatchObject({ verdict: "unscored", reason: "said" })
    expect([slime!.write([given(undefined)]), slime!.write([given(0)])]).toEqual(["null", "0"])
  })

  test("null and NaN in OpenRLHF's, as Python writes it", () => {
    expect(openrlhf!.write([given(undefined)])).toBe(
      '{"rewards": null, "scores": [NaN], "extra_logs": {"no_verdict": [1]}}',
    )
    expect(openrlhf!.write([given(0.5), given(undefined)])).toBe(
      '{"rewards": [0.5,null], "scores": [0.5, NaN], "extra_logs": {"no_verdict": [0,1]}}',
    )
  })

  test("for any verdicts, a reward that is a number was given as one", () => {
    const rewards = fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }), {
      minLength: 1,
    })
    fc.assert(
      fc.property(rewards, (all) => {
        const read = (text: string) => JSON.parse(text.replaceAll("NaN", "null"))
        expect(read(own!.write(all.map(given))).rewards).toEqual(all.map((reward) => reward ?? null))
        const { rewards: given2, scores } = read(openrlhf!.write(all.map(given)))
        expect(scores).toEqual(all.map((reward) => reward ?? null))
        expect(given2).toEqual(all.every((reward) => reward === undefined) ? null : all.map((reward) => reward ?? null))
      }),
    )
  })
})
