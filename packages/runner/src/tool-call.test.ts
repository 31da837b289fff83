import { defaultToolLimits, type Tool } from "@swirl-ts/core"
import { fakeModel } from "@swirl-ts/test-support"
import fc from "fast-check"
import { expect, it } from "vitest"
import { answer, calculator, call, makeTasks, settings } from "../test/sums.ts"
import { callWithinLimits, changedLimits, cutText } from "./tool-call.ts"
import { plannedTrajectoryId, runTrajectory } from "./trajectory.ts"

const task = makeTasks(1)[0]!
const never = () => new Promise(() => {})
const tool = (execute: Tool["execute"]): Tool => ({ ...calculator, execute })
const input = { expression: "1 + 1" }
const asked = { name: "calculator", toolCallId: "1", messages: [] }

it("gives a call up at its limit, even where the tool never listens, tells the tool, and the loop goes on", async () => {
  const told: unknown[] = []
  const deaf = tool((_input, { abortSignal }) => {
    abortSignal!.addEventListener("abort", () => told.push(abortSignal!.reason))
    return never()
  })
  const late = "the tool calculator did not end within 0.02 s, so its call was given up"
  const model = fakeModel((_options, step) => (step === 0 ? call("1 + 1") : answer("2")))
  const s = settings(model, { tools: { calculator: deaf }, toolCalls: { calculator: { timeout: 0.02 } } })
  const trajectory = await runTrajectory({ ...s, task })
  expect(trajectory).toMatchObject({ status: "answered", answer: "2" })
  expect(trajectory.steps[0]!.observation).toEqual({ text: `error: ${late}`, isError: true })
  expect(told).toEqual([new Error(late)])
})

it("limits what comes piece by piece, and a validation that never ends, too", async () => {
  const endless = tool(async function* () {
    for (;;) yield await new Promise((resolve) => setTimeout(() => resolve("piece"), 2))
  })
  const breathless = tool(async function* () {
    for (;;) yield "piece"
  })
  const undecided = {
    ...calculator,
    inputSchema: { "~standard": { version: 1, vendor: "me", validate: never } },
  } as Tool
  for (const each of [endless, breathless, undecided])
    expect(await callWithinLimits(each, input, { ...asked, timeout: 0.03 })).toMatchObject({ isError: true })
})

it("does not wait for a tool that ignores an abort", async () => {
  const abort = new AbortController()
  const started = performance.now()
  const observed = callWithinLimits(tool(never), input, { ...asked, abortSignal: abort.signal })
  abort.abort(new Error("enough"))
  await expect(observed).rejects.toThrow("enough")
  expect(performance.now() - started).toBeLessThan(5000)
})

it("cuts a long result, says how much is missing, and leaves one at the limit as it is", async () => {
  const returning = (text: string) =>
    callWithinLimits(
      tool(() => text),
      input,
      asked,
    )
  const { observationLimit } = defaultToolLimits
  expect(await returning("x".repeat(observationLimit))).toEqual({ text: "x".repeat(observationLimit), isError: false })
  const { text } = await returning("x".repeat(10_000_000))
  expect(text).toBe(`${"x".repeat(16_000)}\n[The result is cut here: 9,984,000 of 10,000,000 characters are missing.]`)
  const failing = tool(() => {
    throw new Error("y".repeat(100))
  })
  expect(await callWithinLimits(failing, input, { ...asked, observationLimit: 9 })).toEqual({
    text: "error: yy\n[The result is cut here: 98 of 107 characters are missing.]",
    isError: true,
  })
})

it("never cuts a pair in halves", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 2 }), fc.nat({ max: 8 }), (text, below) => {
      const limit = Math.max(1, text.length - 1 - below)
      const cut = cutText(text, limit)
      expect(cut.isWellFormed()).toBe(true)
      const kept = cut.slice(0, cut.lastIndexOf("\n["))
      expect(text.startsWith(kept)).toBe(true)
      expect(limit - kept.length).toBeOneOf([0, 1])
      const missing = (text.length - kept.length).toLocaleString("en-US")
      expect(cut.endsWith(`${missing} of ${text.length.toLocaleString("en-US")} characters are missing.]`)).toBe(true)
    }),
  )
})

it("leaves ids as they were under the defaults, and tells other limits apart", () => {
  const s = settings(fakeModel(() => ""))
  const id = (toolCalls?: object) =>
    plannedTrajectoryId({ ...s, ...(toolCalls ? { toolCalls } : {}) } as typeof s, task, 0)
  const plain = id()
  expect(id({ calculator: { fullName: "tools-calculator/calculator", ...defaultToolLimits } })).toBe(plain)
  expect(new Set([plain, id({ calculator: { timeout: 5 } }), id({ calculator: { observationLimit: 5 } })]).size).toBe(3)
  expect(changedLimits({ a: { timeout: 60 }, b: { timeout: 5, observationLimit: 16_000 } })).toEqual({
    b: { timeout: 5 },
  })
})
