/** What a model gives that cannot be used, and a close that does not end, is told as that, under whatever runner. */
import type { ModelProvider } from "@swirl-ts/core"
import { expect, test } from "vitest"
import { underNode } from "../../test/under-node.ts"
import { type CheckResult, modelChecks, runChecks } from "../index.ts"

const turn = { content: [{ type: "text", text: "17" }], finishReason: "stop", usage: { outputTokens: { total: 1 } } }
const opens = (result: unknown, more: object = {}): ModelProvider => ({
  description: "says one thing",
  open: async () =>
    ({
      model: {
        specificationVersion: "v3",
        provider: "lab",
        modelId: "m-1",
        doGenerate: async ({ abortSignal }: { abortSignal?: AbortSignal }) => {
          abortSignal?.throwIfAborted()
          return result
        },
      },
      identity: "m-1",
      ...more,
    }) as never,
})
const failed = async (provider: ModelProvider): Promise<CheckResult[]> =>
  (await runChecks(modelChecks(provider, { name: "mine", timeout: 400 }))).filter(({ status }) => status === "failed")

test.each([
  ["a text for its content", { ...turn, content: "17" }, '"content" cannot be used: it should be a list'],
  [
    "a number for its text",
    { ...turn, content: [{ type: "text", text: 5 }] },
    "it should be a text, but is the number 5",
  ],
  ["nothing", undefined, "gave nothing in place of a turn"],
])("a model that gives %s fails by a sentence of that, and no place in other code", async (_what, result, said) => {
  const problems = await failed(opens(result))
  expect(problems.map(({ name }) => name)).toContain("answers a question with text, a reason and counts")
  for (const { reason } of problems) {
    expect(reason).toMatch(/^The model mine: (at .*, )?The model m-1 of the provider lab gave /)
    expect(reason).toContain(said)
    expect(reason).not.toMatch(/threw|\.[jt]s:/)
  }
})

test.each([
  [undefined, "open gave undefined"],
  [{ identity: "x" }, 'open gave {"identity":"x"}'],
])("a provider that opens %j is told what it gave", async (opened, said) => {
  const problems = await failed({ description: "opens nothing", open: async () => opened as never })
  expect(problems.length).toBeGreaterThan(0)
  for (const { reason } of problems) expect(reason).toContain(`The model mine: ${said}; it gives { model, identity }`)
})

test("a close that throws fails, with what it threw", async () => {
  const close = () => Promise.reject(new Error("stuck door"))
  expect((await failed(opens(turn, { close })))[0]!.reason).toMatch(/^The model mine: its close failed: stuck door\./)
})

test("a close that hangs fails one check, and is not waited for again", async () => {
  const problems = await failed(opens(turn, { close: () => new Promise(() => {}) }))
  expect(problems.map(({ reason }) => reason)).toEqual([
    "The model mine: its close failed: it did not end within 0.2 s. Let it end without an error, whatever is still open.",
  ])
})

test.each([[[]], [["--test"]]])(
  "a close that hangs does not keep a process of node:test (%j)",
  async (flags) => {
    const ended = await underNode(
      "testModel",
      `const model = { specificationVersion: "v3", provider: "lab", modelId: "m", doGenerate: async () => (${JSON.stringify(turn)}) }
const close = () => new Promise((resolve) => setTimeout(resolve, 1e9))
testModel({ description: "hangs", open: async () => ({ model, identity: "m", close }) }, { timeout: 1000 })
`,
      flags,
    )
    expect(ended).toMatchObject({ code: 1, killed: false })
    expect(ended.stdout).toContain("its close failed: it did not end within 0.5 s")
  },
  30_000,
)
