/** Formats by themselves, on turns that the recorded run has none of: the model's own calls, turns within turns, missing verdicts. */
import { join } from "node:path"
import { assistantMessage, type Step } from "@swirl-ts/core"
import { conversationBefore, native, tags } from "@swirl-ts/runner"
import { temporaryFolder } from "@swirl-ts/test-support"
import fc from "fast-check"
import { expect, test } from "vitest"
import { each, tools, trajectory } from "../../test/export-items.ts"
import { rowsOf } from "../../test/exported.ts"
import { exportFormat } from "./all.ts"
import type { ExportItem } from "./export-item.ts"
import { inspectSample } from "./inspect-sample.ts"

const facts = { createdAt: "2026-01-02T03:04:05.678Z", runId: "r", swirlVersion: "0.0.0" }

function item(made = trajectory(), more: Partial<ExportItem> = {}): ExportItem {
  const format = made.actionFormat === "native" ? native : tags
  return {
    trajectory: made,
    messages: conversationBefore(made, made.steps.length, format),
    states: made.steps.map((_, index) => conversationBefore(made, index, format).length),
    verdicts: made.steps.map(() => ({ verdict: "good", reason: "fine", judge: "j" })),
    requestTools: made.actionFormat === "native" ? tools : [],
    tools,
    ...more,
  }
}

async function written(name: string, items: readonly ExportItem[]) {
  const leftOut: Record<string, number> = {}
  const leaveOut = (why: string, count = 1) => {
    leftOut[why] = (leftOut[why] ?? 0) + count
  }
  const path = join(temporaryFolder(), "out.jsonl")
  await exportFormat(name).write(each(items), { path, ending: ".jsonl", facts }, { leaveOut })
  return { rows: rowsOf(path), leftOut }
}

test("calls of the model's own are objects for chat templates, with the same keys in every message, and texts for OpenAI", async () => {
  const { rows } = await written("trl-sft", [item()])
  expect(rows.map(({ completion }) => completion)).toEqual([
    [
      {
        role: "assistant",
        content: "Let me see.",
        tool_calls: [
          { id: "call-0", type: "function", function: { name: "calculator", arguments: { expression: "2+2" } } },
        ],
        tool_call_id: null,
        name: null,
      },
    ],
    [expect.objectContaining({ content: "", tool_calls: [expect.objectContaining({ id: "call-1" })] })],
    [{ role: "assistant", content: "<answer>4</answer>", tool_calls: null, tool_call_id: null, name: null }],
  ])
  const keys = rows.flatMap(({ prompt }) => (prompt as object[]).map((message) => Object.keys(message).join()))
  expect(new Set(keys)).toEqual(new Set(["role,content,tool_calls,tool_call_id,name"]))
  expect(JSON.parse(rows[0]!.tools as string)[0].function.parameters).toEqual({ type: "object" })
  const chat = await written("openai-chat", [item()])
  expect((chat.rows[0]!.messages as { tool_calls: unknown }[])[2]!.tool_calls).toEqual([
    { id: "call-0", type: "function", function: { name: "calculator", arguments: '{"expression":"2+2"}' } },
  ])
  expect(chat.rows[0]!.tools).toHaveLength(2)
})

test("states within the model's own turn are no rows, and are counted", async () => {
  const made = trajectory()
  const messages = [...made.prompt, assistantMessage("a"), assistantMessage(" -> 4"), assistantMessage("b")]
  const within = item(trajectory(made.steps.slice(0, 2)), { messages, states: [2, 4] })
  const { rows, leftOut } = await written("trl-grpo", [within])
  expect(rows.map(({ row_id }) => row_id)).toEqual(["abc/0"])
  expect(leftOut).toEqual({ "states within the model's own turn, which no chat prompt can end with": 1 })
  const chat = await written("openai-chat", [within])
  expect((chat.rows[0]!.messages as { content: string }[]).at(-1)!.content).toBe("a -> 4b")
})

test("a step without a verdict is no bad one: stepwise supervision ends before it, rewards are null", async () => {
  const good = { verdict: "good", reason: "", judge: "j" } as const
  const unscored = { verdict: "unscored", reason: "late", judge: "j" } as const
  const some = item(trajectory(), { verdicts: [good, unscored, undefined] })
  const { rows, leftOut } = await written("trl-prm", [some])
  expect(rows[0]!.labels).toEqual([true])
  expect(leftOut).toEqual({ "steps from the first one without a verdict on": 2 })
  const states = await written("trl-grpo", [some])
  expect(states.rows.map(({ recorded_reward }) => recorded_reward)).toEqual([1, null, null])
})

test("a result stands before the step that could read it, and a call that is not in the text is written", async () => {
  const { rows } = await written("trl-prm", [item()])
  expect(rows[0]!.completions).toEqual([
    'Let me see.\n[calls calculator: {"expression":"2+2"}]',
    '4\n\n[calls search: {"query":"four","count":3}]',
    "error: no index\n\n<answer>4</answer>",
  ])
})

test("Inspect: structured calls, tool errors as errors, thoughts as thoughts, verdicts beside the turns", () => {
  const sample = inspectSample(item(trajectory(), { references: ["4", "four"] }))
  expect(sample.target).toEqual(["4", "four"])
  expect(sample.messages.slice(2)).toMatchObject([
    {
      role: "assistant",
      content: [
        { type: "reasoning", reasoning: "a thought" },
        { type: "text", text: "Let me see." },
      ],
      tool_calls: [{ id: "call-0", function: "calculator", arguments: { expression: "2+2" } }],
      metadata: { step: 0, verdict: "good", reason: "fine" },
    },
    { role: "tool", content: "4", tool_call_id: "call-0" },
    { role: "assistant", tool_calls: [{ id: "call-1" }] },
    { role: "tool", error: { type: "unknown", message: "error: no index" } },
    { role: "assistant", content: "<answer>4</answer>" },
  ])
  expect(sample.scores).toEqual({})
})

test("pairs: one state, opposite verdicts, every text once, as many as there can be", async () => {
  const step = (text: string): Step => ({ index: 0, kind: "answer", text, answer: text, finishReason: "stop" })
  const taken = fc.array(fc.record({ task: fc.nat(2), text: fc.nat(5) }), { minLength: 1, maxLength: 30 })
  // What a judge says of an action at a state is the same whenever it is taken.
  const isGood = (task: number, text: number): boolean => (task * 7 + text * 3) % 2 === 0
  await fc.assert(
    fc.asyncProperty(taken, async (all) => {
      const items = all.map(({ task, text }, place) =>
        item(trajectory([step(String(text))], { id: `t${place}`, taskId: `${task}`, actionFormat: "tags" }), {
          verdicts: [{ verdict: isGood(task, text) ? "good" : "bad", reason: "", judge: "j" }],
        }),
      )
      const most = [0, 1, 2].map((task) => {
        const texts = [...new Set(all.filter((each) => each.task === task).map(({ text }) => text))]
        const good = texts.filter((text) => isGood(task, text)).length
        return Math.min(good, texts.length - good)
      })
      const count = most.reduce((sum, each) => sum + each, 0)
      if (count === 0) return
      const { rows } = await written("trl-dpo", items)
      expect(rows).toHaveLength(count)
      const textOf = (side: unknown): string => (side as [{ content: string }])[0].content
      for (const { task_id, chosen, rejected } of rows) {
        expect(isGood(Number(task_id), Number(textOf(chosen)))).toBe(true)
        expect(isGood(Number(task_id), Number(textOf(rejected)))).toBe(false)
      }
      const used = rows.flatMap(({ task_id, chosen, rejected }) =>
        [chosen, rejected].map((side) => `${task_id} ${textOf(side)}`),
      )
      expect(new Set(used).size).toBe(used.length)
    }),
    { numRuns: 30 },
  )
})
