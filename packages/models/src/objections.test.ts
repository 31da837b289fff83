/** Servers that refuse a form of the request, as their refusals were seen. */
import { type GenerateOptions, type Message, userMessage } from "@swirl-ts/core"
import { answerWith, apiServer, chatCompletion } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { openaiModel } from "./openai.ts"

type Wire = Record<string, unknown> & { messages: Record<string, unknown>[] }

const fine = answerWith(200, chatCompletion({ content: "18" }))
const call = { type: "tool-call", toolCallId: "a", toolName: "calculator", input: {} } as const
const turn = (text: string): Message => ({
  role: "assistant",
  content: text === "" ? [call] : [{ type: "text", text }, call],
})
const asked = (text = "I multiply."): GenerateOptions => ({
  prompt: [userMessage("9*2?"), turn(text)],
  seed: 3,
  tools: [{ type: "function", name: "calculator", inputSchema: { type: "object" } }],
  providerOptions: { openai: { parallelToolCalls: false } },
})

/** Refuses, with these words, what the function finds in a request. */
async function strict(refuses: (body: Wire) => boolean, words: object, status = 400) {
  const server = await apiServer<Wire>((request, response) =>
    refuses(request.body) ? answerWith(status, words)(request as never, response) : fine(request as never, response),
  )
  return { ...server, model: openaiModel({ modelId: "m", baseUrl: server.baseUrl }) }
}

const withCalls = ({ messages }: Wire) => messages.filter((message) => message.tool_calls)

describe("a form that is refused is sent in another, which stays", () => {
  it.each([
    [
      "text beside a call",
      (body: Wire) => withCalls(body).some(({ content }) => content),
      {
        message: "Assistant message must have either content or tool_calls, but not both.",
        type: "invalid_request_error",
      },
      400,
      { content: null },
    ],
    [
      "text beside a call, in any form but an empty one",
      (body: Wire) => withCalls(body).some(({ content }) => content !== ""),
      { error: { message: "content must be an empty string where tool_calls are given" } },
      422,
      { content: "" },
    ],
  ])("%s", async (_what, refuses, words, status, sent) => {
    const { model, requests } = await strict(refuses, words, status)
    for (let again = 0; again < 2; again++) await model.doGenerate(asked())
    const tried = requests.length
    expect(requests.at(-1)!.body.messages[1]).toMatchObject({ ...sent, tool_calls: [{ id: "a" }] })
    await model.doGenerate(asked())
    expect(requests).toHaveLength(tried + 1)
    expect(requests[0]!.body.messages[1]).toMatchObject({ content: "I multiply." })
  })

  it.each([
    [
      "parallel_tool_calls",
      { error: { message: "Unsupported parameter: 'parallel_tool_calls'", param: "parallel_tool_calls" } },
      400,
    ],
    [
      "seed",
      { detail: [{ type: "extra_forbidden", loc: ["body", "seed"], msg: "Extra inputs are not permitted" }] },
      422,
    ],
  ])("a server that does not know %s", async (field, words, status) => {
    const { model, requests } = await strict((body) => body[field] !== undefined, words, status)
    await model.doGenerate(asked())
    await model.doGenerate(asked())
    expect(requests.map(({ body }) => body[field] !== undefined)).toEqual([true, false, false])
  })

  it("max_tokens, where it has another name", async () => {
    const message = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'."
    const { model, requests } = await strict((body) => "max_tokens" in body, { error: { message } })
    await model.doGenerate({ ...asked(), maxOutputTokens: 12 })
    expect(requests.map(({ body }) => [body.max_tokens, body.max_completion_tokens])).toEqual([
      [12, undefined],
      [undefined, 12],
    ])
  })

  it("ids of calls and of their results, where nine letters and digits are the rule", async () => {
    const ids = ({ messages }: Wire) =>
      messages.flatMap(({ tool_calls, tool_call_id }) => {
        if (tool_call_id !== undefined) return [tool_call_id]
        return ((tool_calls ?? []) as { id: unknown }[]).map(({ id }) => id)
      }) as string[]
    const message = "Tool call id was call_0 but must be a-z, A-Z, 0-9, with a length of 9."
    const { model, requests } = await strict((body) => ids(body).some((id) => !/^[a-zA-Z0-9]{9}$/.test(id)), {
      object: "error",
      message,
    })
    const conversation = ["call_0", "abc123XYZ"].flatMap((toolCallId): Message[] => [
      { role: "assistant", content: [{ ...call, toolCallId }] },
      {
        role: "tool",
        content: [{ type: "tool-result", toolCallId, toolName: "calculator", output: { type: "text", value: "18" } }],
      },
    ])
    await model.doGenerate({ ...asked(), prompt: [userMessage("9*2?"), ...conversation] })
    const [first, its, second, itsOwn] = ids(requests.at(-1)!.body)
    expect([its, second, itsOwn]).toEqual([first, "abc123XYZ", "abc123XYZ"])
    expect(requests).toHaveLength(2)
  })

  it("several at once", async () => {
    const { model, requests } = await apiServer<Wire>((request, response) => {
      const refused = (words: string) => answerWith(400, { error: { message: words } })(request as never, response)
      if (request.body.seed !== undefined) return refused("unknown field seed")
      if (request.body.parallel_tool_calls !== undefined) return refused("unknown field parallel_tool_calls")
      return fine(request as never, response)
    }).then((server) => ({ ...server, model: openaiModel({ modelId: "m", baseUrl: server.baseUrl }) }))
    await model.doGenerate(asked())
    await model.doGenerate(asked())
    expect(requests).toHaveLength(4)
  })
})

describe("thoughts among the chunks of a turn with calls, which another server of the same name refuses", () => {
  const chunks = [{ type: "thinking", thinking: "nine" }]
  const thought = { type: "reasoning", text: "nine", providerOptions: { openai: { chunks } } } as const
  const options = (): GenerateOptions => ({
    ...asked(),
    prompt: [
      userMessage("9*2?"),
      { role: "assistant", content: [thought, { type: "text", text: "I multiply." }, call] },
    ],
  })

  it.each([
    ["as text", "messages.1.content: Input should be a valid string", "string", "I multiply."],
    ["not at all", "Assistant message must have either content or tool_calls, but not both.", "object", null],
  ])("go %s", async (_how, message, type, content) => {
    const isRefused = (body: Wire) =>
      withCalls(body).some((each) => Array.isArray(each.content) || typeof each.content !== type)
    const { model, requests } = await strict(isRefused, { error: { message } })
    await model.doGenerate(options())
    expect(requests[0]!.body.messages[1]!.content).toEqual([...chunks, { type: "text", text: "I multiply." }])
    expect(requests.at(-1)!.body.messages[1]!.content).toBe(content)
  })
})

it("a request that is refused for anything else is sent once", async () => {
  const { model, requests } = await strict(() => true, { error: { message: "maximum context length is 5 tokens" } })
  await expect(model.doGenerate(asked())).rejects.toMatchObject({ statusCode: 400, isRetryable: false })
  expect(requests).toHaveLength(1)
})

it("a form is not changed for good where the other one is refused, too", async () => {
  const { model, requests } = await strict(() => true, { error: { message: "the seed of this content is bad" } })
  await expect(model.doGenerate(asked())).rejects.toThrow("the seed of this content is bad")
  await expect(model.doGenerate(asked())).rejects.toThrow("the seed of this content is bad")
  expect(requests[requests.length / 2]!.body).toEqual(requests[0]!.body)
})

it("a refused temperature is not left out but said, as what would fail every time", async () => {
  const words = { error: { message: "Unsupported value: 'temperature' does not support 0.", param: "temperature" } }
  const { model, requests } = await strict((body) => body.temperature !== undefined, words)
  await expect(model.doGenerate({ ...asked(), temperature: 0 })).rejects.toMatchObject({
    kind: "usage",
    parameter: "temperature",
    message: expect.stringContaining("--temperature none"),
  })
  expect(requests).toHaveLength(1)
  await model.doGenerate(asked())
})
