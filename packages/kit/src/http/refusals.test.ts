import { describe, expect, it } from "vitest"
import { errorIn, refusalOf } from "./refusals.ts"

const said = (fields: object): string => JSON.stringify({ error: { message: "no", ...fields } })

describe("an exhausted quota", () => {
  it.each([
    ["OpenAI", 429, said({ type: "insufficient_quota", code: "insufficient_quota" })],
    ["DeepSeek", 402, said({ message: "Insufficient Balance", type: "unknown_error" })],
    [
      "Anthropic",
      400,
      said({ message: "Your credit balance is too low to access the API.", type: "invalid_request_error" }),
    ],
    ["OpenRouter", 402, said({ message: "This request requires more credits", code: 402 })],
    ["OpenRouter, with status 200", 200, said({ message: "Insufficient credits", code: 402 })],
    [
      "xAI",
      429,
      JSON.stringify({
        code: "Some resource has been exhausted",
        error: "Your team has either used all available credits or reached its monthly spending limit.",
      }),
    ],
    [
      "Anthropic, by a limit of one's own",
      400,
      said({
        message: "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
        type: "invalid_request_error",
      }),
    ],
    ["DashScope", 400, said({ message: "Access denied", type: "Arrearage", code: "Arrearage" })],
    ["Moonshot", 429, said({ message: "Your account has insufficient balance", type: "exceeded_current_quota_error" })],
  ])("of %s ends the run", (_whose, status, body) => {
    expect(refusalOf(status, body, {})).toMatchObject({
      isRetryable: false,
      kind: "usage",
      advice: expect.stringContaining("quota"),
    })
  })

  it.each([
    ["OpenAI's", said({ type: "tokens", code: "rate_limit_exceeded", message: "Rate limit reached for m" }), {}],
    ["one that says when it passes", said({ message: "You exceeded your current quota" }), { "retry-after": "20" }],
    [
      "Gemini's a minute",
      said({ message: "You exceeded your current quota", code: 429, details: [{ retryDelay: "32s" }] }),
      {},
    ],
  ])("is no rate limit: %s is tried again", (_whose, body, headers) => {
    expect(refusalOf(429, body, headers)).toMatchObject({ isRetryable: true, kind: "failed", statusCode: 429 })
  })
})

describe("an error that comes with status 200", () => {
  it.each([
    [said({ code: 502 }), { isRetryable: true, statusCode: 502 }],
    [said({ type: "server_error" }), { isRetryable: true }],
    [JSON.stringify({ error: "the worker is gone" }), { isRetryable: true }],
    [said({ code: 400 }), { isRetryable: false, statusCode: 400 }],
    [said({ type: "invalid_request_error" }), { isRetryable: false, kind: "failed" }],
    [said({ code: "invalid_api_key" }), { isRetryable: false, kind: "usage" }],
    [said({ message: "maximum context length is 4096 tokens" }), { isRetryable: false, statusCode: 400 }],
    [
      JSON.stringify({ object: "error", message: "no such parameter", type: "BadRequestError", code: 400 }),
      { isRetryable: false, statusCode: 400 },
    ],
    [
      JSON.stringify({ object: "error", message: "EngineDeadError", code: 500 }),
      { isRetryable: true, statusCode: 500 },
    ],
  ])("%s counts by what it says", (body, refusal) => {
    expect(refusalOf(200, body, {})).toMatchObject(refusal)
  })
})

it.each([{ error: null }, { error: "" }, { object: "chat.completion" }, [], "error"])("%j is no error", (body) => {
  expect(errorIn(body)).toBeUndefined()
})

it("names the setting that the server names", () => {
  expect(refusalOf(400, said({ param: "temperature" }), {})).toMatchObject({ parameter: "temperature" })
})
