import {
  assistantMessage,
  type GenerateOptions,
  type Host,
  isSwirlError,
  readGeneration,
  systemMessage,
  userMessage,
} from "@swirl-ts/core"
import { HttpError } from "@swirl-ts/kit"
import { answerWith, apiServer, chatCompletion } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { openaiModel, openaiProvider } from "./openai.ts"

const textAnswer = answerWith(200, chatCompletion({ content: "so <answer>4</answer>" }, "stop"))
const prompt = [systemMessage("be brief"), userMessage("what is 2 + 2 ?")]
const ask = (options: Partial<GenerateOptions> = {}): GenerateOptions => ({ prompt, ...options })

async function failure(promise: PromiseLike<unknown>): Promise<HttpError> {
  try {
    await promise
  } catch (error) {
    expect(error).toBeInstanceOf(HttpError)
    return error as HttpError
  }
  throw new Error("did not fail")
}

describe("a call", () => {
  it("sends what was asked in the wire format, and reads text, usage and finish reason", async () => {
    const { baseUrl, requests } = await apiServer(textAnswer)
    const model = openaiModel({ modelId: "m", baseUrl, apiKey: "sk-secret" })
    const result = await model.doGenerate(
      ask({ maxOutputTokens: 64, temperature: 0.5, topP: 0.9, seed: 2 ** 31 + 5, stopSequences: ["</answer>"] }),
    )
    expect(requests[0]).toMatchObject({
      path: "/v1/chat/completions",
      authorization: "Bearer sk-secret",
      body: {
        model: "m",
        messages: [
          { role: "system", content: "be brief" },
          { role: "user", content: "what is 2 + 2 ?" },
        ],
        max_tokens: 64,
        temperature: 0.5,
        top_p: 0.9,
        seed: 5,
        stop: ["</answer>"],
      },
    })
    expect(requests[0]!.body).not.toHaveProperty("tools")
    expect(readGeneration(result)).toEqual({
      text: "so <answer>4</answer>",
      toolCalls: [],
      finishReason: "stop",
      usage: { inputTokens: 31, outputTokens: 7 },
    })
  })

  it("sends tools, calls and results, and reads calls", async () => {
    const calls = [
      { id: "call_x", type: "function", function: { name: "calculator", arguments: '{"expression":"2+2"}' } },
    ]
    const { baseUrl, requests } = await apiServer(
      answerWith(200, chatCompletion({ content: null, tool_calls: calls }, "tool_calls")),
    )
    const model = openaiModel({ modelId: "m", baseUrl })
    const input = { expression: "1+1" }
    const call = { toolCallId: "call_0", toolName: "calculator" }
    const result = await model.doGenerate(
      ask({
        prompt: [
          ...prompt,
          { role: "assistant", content: [{ type: "tool-call", ...call, input }] },
          { role: "tool", content: [{ type: "tool-result", ...call, output: { type: "text", value: "2" } }] },
          assistantMessage("hm"),
        ],
        tools: [{ type: "function", name: "calculator", description: "Adds.", inputSchema: { type: "object" } }],
      }),
    )
    const { messages, tools } = requests[0]!.body as { messages: object[]; tools: object[] }
    expect(messages.slice(2)).toEqual([
      {
        role: "assistant",
        content: null,
        tool_calls: [
          { id: "call_0", type: "function", function: { name: "calculator", arguments: '{"expression":"1+1"}' } },
        ],
      },
      { role: "tool", tool_call_id: "call_0", content: "2" },
      { role: "assistant", content: "hm" },
    ])
    expect(tools).toEqual([
      { type: "function", function: { name: "calculator", description: "Adds.", parameters: { type: "object" } } },
    ])
    expect(requests[0]!.authorization).toBeUndefined()
    expect(readGeneration(result)).toMatchObject({
      text: "",
      finishReason: "stop",
      toolCalls: [{ toolCallId: "call_x", toolName: "calculator", input: '{"expression":"2+2"}' }],
    })
  })

  it("keeps reasoning out of the text, and survives what servers leave out", async () => {
    const lean = { choices: [{ message: { content: "4", reasoning_content: "two and two" }, finish_reason: "length" }] }
    const { baseUrl } = await apiServer(answerWith(200, lean))
    const result = await openaiModel({ modelId: "m", baseUrl }).doGenerate(ask())
    expect(readGeneration(result)).toMatchObject({
      text: "4",
      toolCalls: [],
      reasoning: [{ text: "two and two" }],
      finishReason: "length",
      usage: { inputTokens: 0, outputTokens: 0 },
    })
    expect(result.content[0]).toMatchObject({ type: "reasoning", text: "two and two" })
  })
})

describe("failures", () => {
  it("waits for a server that takes no more for now, as long as it asks, and sends the same once more", async () => {
    const busy = answerWith(429, { error: { message: "slow down" } }, { "retry-after-ms": "300" })
    const { baseUrl, requests } = await apiServer(busy, textAnswer)
    const before = performance.now()
    expect(readGeneration(await openaiModel({ modelId: "m", baseUrl }).doGenerate(ask())).text).toContain("4")
    expect(performance.now() - before).toBeGreaterThanOrEqual(290)
    expect(requests[1]!.body).toEqual(requests[0]!.body)
  })

  it.each([
    [400, false, "failed"],
    [401, false, "usage"],
    [404, false, "usage"],
    [408, true, "failed"],
    [409, true, "failed"],
    [500, true, "failed"],
  ])("status %d: worth another try %s, kind %s", async (status, isRetryable, kind) => {
    const { baseUrl } = await apiServer(answerWith(status, "no"))
    expect(await failure(openaiModel({ modelId: "m", baseUrl }).doGenerate(ask()))).toMatchObject({ isRetryable, kind })
  })

  it("never shows the key, also where the server repeats it", async () => {
    const { baseUrl } = await apiServer(
      answerWith(401, { error: { message: "Incorrect API key provided: sk-secret-123." } }),
    )
    const error = await failure(openaiModel({ modelId: "m", baseUrl, apiKey: "sk-secret-123" }).doGenerate(ask()))
    expect(error.message).toContain("Incorrect API key provided: [key].")
    expect(JSON.stringify([error, error.stack, error.cause])).not.toContain("sk-secret")
  })

  it("never shows a password that stands in the base URL, but sends it", async () => {
    const { baseUrl, requests } = await apiServer(answerWith(500, "no"))
    const model = openaiModel({ modelId: "m", baseUrl: baseUrl.replace("http://", "http://ann:pass%20word@") })
    const error = await failure(model.doGenerate(ask()))
    expect(error.message).not.toMatch(/ann|pass/)
    expect(requests[0]!.authorization).toBe(`Basic ${btoa("ann:pass word")}`)
  })

  it.each([
    ["torn JSON", '{"choices": [', true, "not JSON"],
    ["a page", "<html>gateway</html>", true, "<html>gateway"],
    ["no choices", '{"choices":[]}', true, "no chat completion"],
    ["nothing of a completion", '{"object":"error"}', true, "no chat completion"],
    ["an error with status 200", '{"error":{"message":"overloaded","code":500}}', true, "overloaded"],
    ["an error without code", '{"error":"the worker is gone"}', true, "the worker is gone"],
    ["a prompt that is too long", '{"error":"the prompt is too long"}', false, "the prompt is too long"],
  ])("%s is said in a sentence", async (_name, body, isRetryable, message) => {
    const { baseUrl } = await apiServer(answerWith(200, body))
    const error = await failure(openaiModel({ modelId: "m", baseUrl }).doGenerate(ask()))
    expect(error.isRetryable).toBe(isRetryable)
    expect(error.message).toContain(message)
  })

  it.each([
    ["error", undefined, true],
    ["abort", undefined, true],
    ["network_error", undefined, true],
    ["cancelled", undefined, true],
    ["insufficient_system_resource", undefined, true],
    ["stop", { code: 502, message: "the upstream went away" }, true],
    ["error", { code: 500, message: "slow down" }, true],
    ["error", { code: 400, message: "no such thing" }, false],
  ])("a turn that ends in %s with the error %j is no turn, whatever it says", async (reason, error, isRetryable) => {
    const completion = chatCompletion({ content: "The answer is 1" }, reason)
    const body = { ...completion, choices: completion.choices.map((choice) => ({ ...choice, error })) }
    const { baseUrl } = await apiServer(answerWith(200, body))
    const refused = await failure(openaiModel({ modelId: "m", baseUrl }).doGenerate(ask()))
    expect(refused).toMatchObject({ isRetryable, kind: "failed" })
    expect(refused.message).toContain("answered with a turn that failed")
  })

  it.each(["stop", "length", "tool_calls", "content_filter", "eos", null])(
    "a turn that ends in %s is one",
    async (reason) => {
      const { baseUrl } = await apiServer(answerWith(200, chatCompletion({ content: "4" }, reason as string)))
      expect(readGeneration(await openaiModel({ modelId: "m", baseUrl }).doGenerate(ask())).text).toBe("4")
    },
  )

  it("shortens a long body", async () => {
    const { baseUrl } = await apiServer(answerWith(500, "x".repeat(100_000)))
    expect((await failure(openaiModel({ modelId: "m", baseUrl }).doGenerate(ask()))).message.length).toBeLessThan(500)
  })

  it("gives up a hanging server after its time, as worth another try", async () => {
    const { baseUrl } = await apiServer(() => undefined)
    const error = await failure(openaiModel({ modelId: "m", baseUrl, timeout: 100 }).doGenerate(ask()))
    expect(error.isRetryable).toBe(true)
    expect(error.message).toContain("did not answer within 0.1 s")
  })

  it("ends a hanging call at once by the abort's own reason", async () => {
    const { baseUrl, requests } = await apiServer(() => undefined)
    const controller = new AbortController()
    const call = openaiModel({ modelId: "m", baseUrl }).doGenerate(ask({ abortSignal: controller.signal }))
    while (requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    controller.abort(new Error("enough"))
    await expect(call).rejects.toThrow("enough")
  })
})

describe("opening", () => {
  const host = (environment: Host["environment"]): Host => ({
    cacheDirectory: "/tmp",
    workingDirectory: "/tmp",
    environment,
    log: () => undefined,
  })

  it("takes server and key from the environment, the option first", async () => {
    const { baseUrl, requests } = await apiServer(textAnswer)
    const environment = { OPENAI_BASE_URL: `${baseUrl}/`, OPENAI_API_KEY: "sk-1" }
    const { model, identity } = await openaiProvider.open("m", {}, host(environment))
    await model.doGenerate(ask())
    expect(requests[0]).toMatchObject({ path: "/v1/chat/completions", authorization: "Bearer sk-1" })
    expect(identity).toBe("m")
    const broken = await apiServer(answerWith(500, "no"))
    const other = await openaiProvider.open("m", { baseUrl: broken.baseUrl }, host(environment))
    expect((await failure(other.model.doGenerate(ask()))).message).toContain(`${broken.baseUrl}/chat/completions`)
  })

  it.each([
    ["", {}, {}, "needs a model name"],
    ["m", {}, {}, "needs a key in OPENAI_API_KEY"],
    ["m", { baseUrl: "localhost" }, {}, "is not a URL"],
  ])("says what is missing: %j %j", async (reference, options, environment, message) => {
    const error: unknown = await openaiProvider.open(reference, options, host(environment)).catch((e: unknown) => e)
    expect(isSwirlError(error) && error.kind).toBe("usage")
    expect(String(error)).toContain(message)
  })
})
