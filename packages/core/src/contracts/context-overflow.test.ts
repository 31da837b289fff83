import { expect, it } from "vitest"
import { ContextOverflowError, isContextOverflow } from "./context-overflow.ts"

const answered = (statusCode: number, body: string) =>
  Object.assign(new Error(`answered ${statusCode}: ${body}`), { statusCode })

it.each([
  "This model's maximum context length is 4096 tokens. However, you requested 4200 tokens (4000 in the messages, 200 in the completion).",
  "The decoder prompt (length 5000) is longer than the maximum model length of 4096.",
  '{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error"}}',
  "Requested token count exceeds the model's maximum context length of 32768 tokens.",
  "`inputs` must have less than 1024 tokens. Given: 2000",
  "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 2048. Given: 2040 `inputs` tokens and 100 `max_new_tokens`",
  "prompt is too long: 210000 tokens > 200000 maximum",
  "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
  "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
  '{"error":{"message":"x","code":"context_length_exceeded"}}',
])("is heard in what a server answers: %s", (body) => {
  expect(isContextOverflow(answered(400, body))).toBe(true)
})

it.each([
  [400, "max_tokens is too large: 9999. This model supports at most 4096 completion tokens"],
  [400, "Invalid value for 'temperature'"],
  [429, "Rate limit reached for maximum context length tier"],
  [500, "context length"],
])("is not heard in %i %s", (status, body) => {
  expect(isContextOverflow(answered(status, body))).toBe(false)
})

it("is what a local model throws, and what the AI SDK quotes of a body", () => {
  expect(isContextOverflow(new ContextOverflowError("too long"))).toBe(true)
  const quoted = Object.assign(new Error("Bad Request"), {
    statusCode: 400,
    responseBody: '{"code":"context_length_exceeded"}',
  })
  expect(isContextOverflow(quoted)).toBe(true)
  for (const other of [undefined, "context length", new Error("maximum context length")])
    expect(isContextOverflow(other)).toBe(false)
})
