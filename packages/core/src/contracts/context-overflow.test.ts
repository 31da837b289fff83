import { expect, it } from "vitest"
import { ContextOverflowError, isContextOverflow } from "./context-overflow.ts"

const answered = (statusCode: number, body: string) =>
  Object.assign(new Error(`answered ${statusCode}: ${body}`), { statusCode })

it.each([
  "This model's maximum context length is 4096 tokens. However, you requested 4200 tokens (4000 in the messages, 200 in the completion).",
  "The decoder prompt (length 5000) is longer than the maximum model length of 4096.",
  "You passed 5000 input tokens and requested 100 output tokens. However, the model's context length is only 4096 tokens.",
  '{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error"}}',
  "Requested token count exceeds the model's maximum context length of 32768 tokens.",
  "The input (5000 tokens) is longer than the model's context length (4096 tokens).",
  "`inputs` must have less than 1024 tokens. Given: 2000",
  "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 2048. Given: 2040 `inputs` tokens and 100 `max_new_tokens`",
  "The sum of prompt length (5000.0), query length (0) should not exceed max_num_tokens (4096)",
  "Prompt length (5000) exceeds maximum input length (4096).",
  "The number of tokens to keep from the initial prompt is greater than the context length. Try to load the model with a larger context length, or provide a shorter input",
  "Trying to keep the first 10136 tokens when context the overflows. However, the model is loaded with context length of only 7866 tokens, which is not enough.",
  "Cannot truncate prompt with n_keep (15028) >= n_ctx (7424)",
  "Requested tokens (2285) exceed context window of 2048",
  "prompt too long; exceeded max context length by 4021 tokens",
  "Your input exceeds the context window of this model. Please adjust your input and try again.",
  "prompt is too long: 210000 tokens > 200000 maximum",
  "input length and `max_tokens` exceed context limit: 178959 + 64000 > 200000, decrease input length or `max_tokens` and try again",
  '{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}',
  "Input is too long for requested model.",
  "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
  "Unable to submit request because the input token count is 32825 but model only supports up to 32768.",
  "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
  "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
  "Please reduce the length of the messages or completion.",
  "prompt token count of 50000 exceeds the limit of 32000",
  "Your request exceeded model token limit: 262144 (requested: 291351)",
  "Range of input length should be [1, 30720]",
  "The total length of all messages is too long.",
  '{"code":"1261","message":"Prompt exceeds max length"}',
  '{"error":{"message":"x","code":"context_length_exceeded"}}',
])("is heard in what a server answers: %s", (body) => {
  expect(isContextOverflow(answered(400, body))).toBe(true)
})

it.each([
  [400, "max_tokens is too large: 9999. This model supports at most 4096 completion tokens"],
  [400, "Invalid value for 'temperature'"],
  [429, "Rate limit reached for maximum context length tier"],
  [400, "Invalid 'messages[1].tool_calls[0].id': string too long. Expected a string with maximum length 40."],
  [413, "Request too large for model `m` on tokens per minute (TPM): Limit 6000, Requested 9000."],
  [422, '{"detail":[{"loc":["body","temperature"],"msg":"Input should be greater than or equal to 0"}]}'],
  [400, "Too many tokens, please wait before trying again."],
  [500, "context length"],
  [500, "CUDA out of memory while the context window was filled"],
  [503, "the request exceeds the available context size"],
])("is not heard in %i %s", (status, body) => {
  expect(isContextOverflow(answered(status, body))).toBe(false)
})

it.each([
  '{"error":{"code":500,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}',
  "Requested tokens (2285) exceed context window of 2048",
  "the input length exceeds the context length",
  "Context size has been exceeded.",
])("is heard where a server takes it for a fault of its own: %s", (body) => {
  expect(isContextOverflow(answered(500, body))).toBe(true)
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
