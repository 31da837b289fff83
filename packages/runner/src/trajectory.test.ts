import {
  ContextOverflowError,
  messageText,
  type ResponseRecord,
  SwirlError,
  seedFrom,
  type Tool,
  TrajectorySchema,
} from "@swirl-ts/core"
import { fakeModel } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { answer, benchmark, calculator, call, honest, makeTasks, settings } from "../test/sums.ts"
import { conversationBefore } from "./conversation.ts"
import { native } from "./format-native.ts"
import { runTrajectory } from "./trajectory.ts"

const task = makeTasks(5)[4]!

describe("the loop", () => {
  it("calls, observes, answers, and records all of it", async () => {
    const model = fakeModel(honest)
    const trajectory = await runTrajectory({ ...settings(model), task })
    expect(() => TrajectorySchema.parse(trajectory)).not.toThrow()
    expect(trajectory).toMatchObject({
      status: "answered",
      answer: "5",
      benchmark: "bench-sums/sums",
      taskId: "test/4",
      usage: { inputTokens: 20, outputTokens: 10 },
      steps: [
        {
          kind: "tool",
          text: call("4 + 1"),
          call: { tool: "calculator", input: { expression: "4 + 1" }, query: "4 + 1" },
          observation: { text: "5", isError: false },
        },
        { kind: "answer", answer: "5" },
      ],
    })
    expect(trajectory.steps[1]!.observation).toBeUndefined()
    expect(model.calls[1]!.prompt.map(messageText).slice(1)).toEqual([call("4 + 1"), "4 + 1 -> 5"])
  })

  it("shows a tool's error as an observation and goes on", async () => {
    const model = fakeModel((_options, step) => (step === 0 ? call("x") : answer("none")))
    const trajectory = await runTrajectory({ ...settings(model), task })
    expect(trajectory.steps[0]!.observation).toEqual({ text: "error: cannot read the expression", isError: true })
    expect(trajectory.status).toBe("answered")
  })

  it("answers a malformed turn with the reason and how to act, or as the benchmark has it, and counts it as a step", async () => {
    const model = fakeModel((_options, step) => (step === 0 ? "hm" : answer("5")))
    const trajectory = await runTrajectory({ ...settings(model), task })
    expect(trajectory.steps[0]).toMatchObject({ kind: "malformed", malformed: "neither a call nor an answer" })
    expect(messageText(model.calls[1]!.prompt.at(-1)!)).toBe(
      "error: neither a call nor an answer. Make one call or give the answer: <math_exp>expression</math_exp> or <answer>your answer</answer>",
    )
    expect(trajectory.steps).toHaveLength(2)

    const other = fakeModel((_options, step) => (step === 0 ? "hm" : answer("5")))
    const given = settings(other)
    const benchmark = { ...given.benchmark, value: { ...given.benchmark.value, malformedReply: "again ." } }
    await runTrajectory({ ...given, benchmark, task })
    expect(messageText(other.calls[1]!.prompt.at(-1)!)).toBe("again .")
  })

  it.each([
    ["nothing", undefined],
    ["a text for a list of parts", { content: answer("5") }],
    ["a text for a part", { content: [answer("5")] }],
    ["a part of a type that there is not", { content: [{ type: "txt", text: answer("5") }] }],
    ["token ids that are none", { providerMetadata: { swirl: { tokenIds: "x" } } }],
  ])("is no wrong answer where the model gives %s, but an error that names the model", async (_what, given) => {
    const model = fakeModel(() => answer("5"))
    const { doGenerate } = model
    model.doGenerate = async (options) => (given && { ...(await doGenerate(options)), ...given }) as never
    const { status, error, steps } = await runTrajectory({ ...settings(model), task })
    expect([status, steps]).toEqual(["error", []])
    expect(error).toMatch(/^The model fake of the provider fake gave .*\.$/)
    expect(model.calls.length).toBeLessThan(2)
  })

  it("goes on where the model's counts are none", async () => {
    const counts = { inputTokens: { total: Number.NaN }, outputTokens: { total: -5 } }
    const model = fakeModel(() => ({ text: answer("5"), usage: counts }))
    const trajectory = await runTrajectory({ ...settings(model), task })
    expect(trajectory).toMatchObject({ status: "answered", usage: { inputTokens: 0, outputTokens: 0 } })
  })

  it("ends with the error of a tool that cannot get its passages: that is no fault of the model", async () => {
    const model = fakeModel(honest)
    const broken = new SwirlError('dev.json, entry 2: "question" is missing.')
    const tools = { calculator: { ...calculator, bind: () => Promise.reject(broken) } }
    await expect(runTrajectory({ ...settings(model), tools, task })).rejects.toBe(broken)
    expect(model.calls).toHaveLength(0)
  })

  it("runs native tool calls and answers each by its id", async () => {
    const model = fakeModel((_options, step) =>
      step === 0
        ? {
            content: [{ type: "tool-call", toolCallId: "abc", toolName: "calculator", input: '{"expression":"4+1"}' }],
            finishReason: { unified: "tool-calls", raw: "tool_calls" },
          }
        : "It is 5.",
    )
    const trajectory = await runTrajectory({ ...settings(model), task, format: native })
    expect(trajectory).toMatchObject({
      status: "answered",
      answer: "It is 5.",
      steps: [{ call: { query: "4+1" } }, {}],
    })
    expect(model.calls[0]!.tools).toMatchObject([{ name: "calculator", inputSchema: { type: "object" } }])
    expect(model.calls[1]!.prompt.at(-1)).toMatchObject({
      role: "tool",
      content: [{ toolCallId: "abc", output: { value: "5" } }],
    })
  })

  it("rebuilds from the record the conversation that the model saw at every step", async () => {
    const replies = ["hm", call("1 + 1"), answer("2")]
    const model = fakeModel((_options, step) => replies[step]!)
    const s = settings(model)
    const trajectory = await runTrajectory({ ...s, task })
    for (const [index, request] of model.calls.entries()) {
      expect(conversationBefore(trajectory, index, s.format)).toEqual(request.prompt)
    }
  })

  it("rebuilds a turn of the model's own calls that could not be read, each call with its answer", async () => {
    const use = (toolCallId: string, toolName: string, input: string) => ({
      type: "tool-call",
      toolCallId,
      toolName,
      input,
    })
    const twice = [use("call-0", "calculator", '{"expression":"1+1"}'), use("call-0-1", "abacus", '{"a":1}')]
    const model = fakeModel((_options, step) => (step === 0 ? { content: twice } : "It is 2."))
    const trajectory = TrajectorySchema.parse(await runTrajectory({ ...settings(model), task, format: native }))
    expect(trajectory.steps[0]).toMatchObject({ kind: "malformed", malformed: "two calls" })
    expect(model.calls[1]!.prompt.slice(-3).map(({ role }) => role)).toEqual(["assistant", "tool", "tool"])
    expect(conversationBefore(trajectory, 1, native)).toEqual(model.calls[1]!.prompt)
  })
})

describe("limits", () => {
  const limits = { toolCalls: 2, steps: 10, stepTokens: 50, trajectoryTokens: 1000 }

  it("gives one more turn after the last tool call, for the answer", async () => {
    const model = fakeModel((_options, step) => (step < 2 ? call(`${step} + 1`) : answer("2")))
    expect(await runTrajectory({ ...settings(model), task, limits })).toMatchObject({ status: "answered", answer: "2" })
  })

  it("ends without running the tool when that turn is another call", async () => {
    let runs = 0
    const counting = { ...calculator, execute: () => String(++runs) }
    const model = fakeModel((_options, step) => call(`${step} + 1`))
    const trajectory = await runTrajectory({ ...settings(model), task, limits, tools: { calculator: counting } })
    expect(trajectory.status).toBe("step-limit")
    expect(trajectory.steps.map((step) => step.kind)).toEqual(["tool", "tool", "tool"])
    expect(trajectory.steps[2]!.observation).toBeUndefined()
    expect(runs).toBe(2)
  })

  it("ends a model that only talks nonsense at the number of steps", async () => {
    const model = fakeModel(() => "hm")
    const trajectory = await runTrajectory({ ...settings(model), task, limits: { ...limits, steps: 4 } })
    expect(trajectory).toMatchObject({ status: "step-limit", steps: { length: 4 } })
    expect(model.calls).toHaveLength(4)
  })

  it("does not count malformed steps as tool calls", async () => {
    const replies = ["hm", "hm", call("1 + 1"), call("2 + 2"), answer("4")]
    const trajectory = await runTrajectory({ ...settings(fakeModel((_o, step) => replies[step]!)), task, limits })
    expect(trajectory.status).toBe("answered")
  })

  it("asks for at most stepTokens, and for no more than the trajectory has room for", async () => {
    const usage = { inputTokens: 900, outputTokens: 60 }
    const model = fakeModel((_options, step) => ({
      content: [{ type: "text", text: step === 0 ? call("1 + 1") : "hm" }],
      usage,
    }))
    await runTrajectory({ ...settings(model), task, limits: { ...limits, stepTokens: 50, trajectoryTokens: 980 } })
    // The server counted 960, and "1 + 1 -> 2" came after that.
    expect(model.calls.map((options) => options.maxOutputTokens).slice(0, 2)).toEqual([50, 17])
  })

  it("ends at the trajectory's tokens, also where the server reports no usage", async () => {
    const full = fakeModel(() => ({
      content: [{ type: "text", text: "hm" }],
      usage: { inputTokens: 950, outputTokens: 50 },
    }))
    expect(await runTrajectory({ ...settings(full), task, limits })).toMatchObject({
      status: "token-limit",
      steps: { length: 1 },
    })
    const silent = fakeModel(() => ({ content: [{ type: "text", text: "word ".repeat(2000) }], usage: undefined }))
    expect(await runTrajectory({ ...settings(silent), task, limits })).toMatchObject({ status: "token-limit" })
  })
})

describe("what was added since the server counted", () => {
  const limits = { toolCalls: 4, steps: 10, stepTokens: 50, trajectoryTokens: 4000 }
  const returning = (characters: number) => ({ calculator: { ...calculator, execute: () => "x".repeat(characters) } })
  const counted = { inputTokens: 100, outputTokens: 20 }

  it.each([
    ["with", counted],
    ["without", undefined],
  ])("ends at the token limit before a long result is sent, %s usage", async (_what, usage) => {
    const model = fakeModel((_options, step) => ({ content: [{ type: "text", text: call(`${step} + 1`) }], usage }))
    const toolCalls = { calculator: { observationLimit: 1e9 } }
    const long = { ...settings(model), task, limits, toolCalls, tools: returning(10_000_000) }
    const trajectory = await runTrajectory(long)
    expect(trajectory).toMatchObject({ status: "token-limit", steps: { length: 1 } })
    expect(model.calls).toHaveLength(1)
    // At the default limit it is cut to what fits once more.
    const cut = await runTrajectory({ ...long, toolCalls: {}, limits: { ...limits, trajectoryTokens: 4200 } })
    expect(cut.steps[0]!.observation!.text).toContain("9,984,000 of 10,000,000 characters are missing")
    expect(cut.steps.length).toBeGreaterThan(1)
  })

  it("counts it against the room of the next step", async () => {
    const model = fakeModel((_options, step) => ({
      content: [{ type: "text", text: step === 0 ? call("1 + 1") : answer("2") }],
      usage: counted,
    }))
    const room = { ...limits, stepTokens: 1000, trajectoryTokens: 1000 }
    await runTrajectory({ ...settings(model), task, limits: room, tools: returning(400) })
    // "1 + 1 -> " and the result are 409 characters.
    expect(model.calls.map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([1000, 1000 - 120 - 103])
  })
})

describe("failures", () => {
  it("ends at a limit where the conversation outgrew the model's context, and in an error where its first prompt did", async () => {
    const overflow = () => {
      throw new ContextOverflowError("The conversation has 400 tokens, the context of m 320.")
    }
    const later = fakeModel((_options, step) => (step === 0 ? call("4 + 1") : overflow()))
    const grown = await runTrajectory({ ...settings(later), task })
    expect([grown.status, grown.error, grown.steps.length]).toEqual(["token-limit", undefined, 1])
    const never = await runTrajectory({ ...settings(fakeModel(overflow)), task })
    expect([never.status, never.error]).toEqual(["error", expect.stringContaining("the context of m 320")])
  })

  it("keeps the steps before a model failure and says what happened", async () => {
    const model = fakeModel((_options, step) => {
      if (step === 1) throw new Error("the server broke")
      return call("1 + 1")
    })
    const trajectory = await runTrajectory({ ...settings(model), task })
    expect(trajectory).toMatchObject({ status: "error", error: "the server broke", steps: { length: 1 } })
    expect(() => TrajectorySchema.parse(trajectory)).not.toThrow()
  })

  it("throws a usage error, which would fail for every task", async () => {
    const model = fakeModel(() => {
      throw new SwirlError("wrong key", { kind: "usage" })
    })
    await expect(runTrajectory({ ...settings(model), task })).rejects.toThrow("wrong key")
  })

  it("throws what the disk refused instead of asking the model on", async () => {
    const model = fakeModel(honest)
    const full = () => Promise.reject(new SwirlError("the disk is full"))
    await expect(runTrajectory({ ...settings(model), task, onResponse: full })).rejects.toThrow("the disk is full")
    expect(model.calls).toHaveLength(1)
  })

  it("ends by the abort's own reason, also in the middle of a tool", async () => {
    const controller = new AbortController()
    const stuck = {
      ...calculator,
      execute: () => {
        controller.abort(new Error("enough"))
        throw new Error("stopped")
      },
    }
    const run = runTrajectory({
      ...settings(fakeModel(honest)),
      task,
      tools: { calculator: stuck },
      abortSignal: controller.signal,
    })
    await expect(run).rejects.toThrow("enough")
  })

  it("ends by the abort's own reason while a tool is bound, which is told of it", async () => {
    const controller = new AbortController()
    const told: (AbortSignal | undefined)[] = []
    const slow: Tool = {
      ...calculator,
      bind: ({ abortSignal }) => {
        told.push(abortSignal)
        controller.abort(new Error("enough"))
        throw new Error("stopped")
      },
    }
    const { signal } = controller
    const tools = { calculator: slow }
    const run = runTrajectory({ ...settings(fakeModel(honest)), task, tools, abortSignal: signal })
    await expect(run).rejects.toThrow("enough")
    expect(told).toEqual([signal])
  })

  it.each<[string, object, string]>([
    [
      "cannot make its prompt",
      {
        prompt: () => {
          throw new Error("no template")
        },
      },
      "prompt failed: no template",
    ],
    ["makes no prompt of it", { prompt: () => "what is 1 + 1?" }, "prompt gave no list of messages"],
    ["has no passages that can be searched", { corpus: () => ["a"] }, "corpus gave no passages"],
  ])("is a record when the benchmark %s", async (_, part, error) => {
    const s = settings(fakeModel(honest))
    const value = { ...benchmark, ...part }
    expect(await runTrajectory({ ...s, task, benchmark: { ...s.benchmark, value } })).toMatchObject({
      status: "error",
      error: expect.stringContaining(`Benchmark bench-sums/sums: ${error}`),
      prompt: [],
      steps: [],
    })
  })
})

describe("seeds, ids and recorded responses", () => {
  it("gives every task, epoch and step a seed of its own, always the same", async () => {
    const model = fakeModel(honest)
    for (const each of makeTasks(3))
      for (const epoch of [0, 1]) await runTrajectory({ ...settings(model), task: each, epoch })
    const seeds = model.calls.map((options) => options.seed)
    expect(new Set(seeds).size).toBe(12)
    expect(seeds[1]).toBe(seedFrom(7, "test/0", 0, 1))
  })

  it("has one id for the same settings and another for any that matters", async () => {
    const model = fakeModel(honest)
    const base = settings(model)
    const id = async (more: object) => (await runTrajectory({ ...base, task, ...more })).id
    const limits = { ...benchmark.limits, toolCalls: 1 }
    const ids = [
      {},
      { epoch: 1 },
      { seed: 8 },
      { policy: "x" },
      { sampling: { temperature: 0 } },
      { format: native },
      { limits },
    ]
    const all = await Promise.all([...ids, { benchmark: { ...base.benchmark, split: "dev" } }].map(id))
    expect(new Set(all).size).toBe(ids.length + 1)
    expect(await id({})).toBe(all[0])
    expect(await id({ sampling: { temperature: 1 }, limits: { ...benchmark.limits } })).toBe(all[0])
  })

  it("uses recorded responses instead of asking, and only for the very same request", async () => {
    const responses = new Map<string, ResponseRecord>()
    const onResponse = (response: ResponseRecord): void => void responses.set(response.id, response)
    const first = await runTrajectory({ ...settings(fakeModel(honest)), task, onResponse })
    expect(responses.size).toBe(2)
    const silent = fakeModel(() => {
      throw new Error("asked")
    })
    expect(await runTrajectory({ ...settings(silent), task, cachedResponses: responses })).toEqual(first)
    const other = await runTrajectory({ ...settings(silent), task, seed: 8, cachedResponses: responses })
    expect(other).toMatchObject({ status: "error", error: "asked" })
    const prompt = { ...benchmark, prompt: () => [{ role: "system" as const, content: "another prompt" }] }
    const changed = { ...settings(silent).benchmark, value: prompt }
    expect(
      (await runTrajectory({ ...settings(silent), task, benchmark: changed, cachedResponses: responses })).error,
    ).toBe("asked")
  })

  it("samples at temperature 1 unless told otherwise", async () => {
    const model = fakeModel(honest)
    await runTrajectory({ ...settings(model), task })
    await runTrajectory({ ...settings(model), task, sampling: { temperature: 0, topP: 0.9 } })
    expect(model.calls.map(({ temperature, topP }) => [temperature, topP])).toEqual([
      [1, undefined],
      [1, undefined],
      [0, 0.9],
      [0, 0.9],
    ])
  })
})
