import { describe, expect, it } from "vitest"
import type { ReadTurn } from "../contracts/conversation-tokens.ts"
import { readGeneration } from "../contracts/model.ts"
import { assistantMessage, userMessage } from "../prompts/prompt.ts"
import { type TokenRequest, tokenLanguageModel } from "./token-model.ts"

const asked: TokenRequest[] = []
const model = tokenLanguageModel({
  provider: "test",
  modelId: "test",
  contextSize: 10,
  conversation: { start: () => [1, 2, 3], continue: () => [], decode: () => "" },
  generate: async (request) => {
    asked.push(request)
    return { text: "yes", tokenIds: [7, 8], logProbabilities: [-1, -2], finishReason: "stop" }
  },
})
const prompt = [userMessage("question")]

describe("tokenLanguageModel", () => {
  it("hands back ids, log-probabilities and counts in the shape that readGeneration reads", async () => {
    const generation = readGeneration(await model.doGenerate({ prompt }))
    expect(generation).toMatchObject({ text: "yes", finishReason: "stop", usage: { inputTokens: 3, outputTokens: 2 } })
    expect(generation.tokens).toEqual({
      promptTokenIds: [1, 2, 3],
      tokenIds: [7, 8],
      logProbabilities: [-1, -2],
      finishReason: "stop",
    })
    expect(asked.at(-1)).toMatchObject({ maxTokens: 7, temperature: 1, topP: 1, topK: 0, seed: 0 })
  })

  it("continues given ids instead of the prompt, with the given seed", async () => {
    await model.doGenerate({
      prompt,
      maxOutputTokens: 4,
      seed: 1,
      providerOptions: { swirl: { promptTokenIds: [5], seed: 2 } },
    })
    expect(asked.at(-1)).toMatchObject({ promptTokenIds: [5], maxTokens: 4, seed: 2 })
  })

  it("refuses what it cannot do with a sentence", async () => {
    const ids = (count: number) => ({ swirl: { promptTokenIds: new Array(count).fill(1) } })
    await expect(model.doGenerate({ prompt, providerOptions: ids(10) })).rejects.toThrow(/10 tokens.*context.*10/)
    await expect(model.doGenerate({ prompt, providerOptions: ids(0) })).rejects.toThrow("no tokens")
    await expect(
      model.doGenerate({ prompt, tools: [{ type: "function", name: "t", inputSchema: {} }] }),
    ).rejects.toThrow("action format tags")
    await expect(model.doGenerate({ prompt, abortSignal: AbortSignal.abort() })).rejects.toThrow(/abort/)
  })
})

describe("a model with tool calls of its own", () => {
  const tools = [{ type: "function" as const, name: "add", inputSchema: {} }]
  const callOf = { toolCallId: "", toolName: "add", input: "{}" }
  const calling = (read: ReadTurn) =>
    tokenLanguageModel({
      provider: "test",
      modelId: "test",
      contextSize: 10,
      conversation: {
        start: () => [1],
        continue: () => [],
        decode: () => "",
        withTools: (offered) => ({
          start: () => offered.map(() => 5),
          continue: () => [],
          decode: () => "",
          read: () => read,
        }),
      },
      generate: async () => ({ text: "<call>", tokenIds: [7], logProbabilities: [-1], finishReason: "stop" }),
    })

  it("is asked with its tools in the prompt, and what it sampled is read as a call", async () => {
    const result = await calling({ text: "So:", toolCalls: [callOf] }).doGenerate({ prompt, tools })
    expect(result.finishReason).toMatchObject({ unified: "tool-calls" })
    const generation = readGeneration(result)
    expect(generation).toMatchObject({ text: "So:", toolCalls: [callOf], finishReason: "stop" })
    expect(generation.tokens).toMatchObject({ promptTokenIds: [5], tokenIds: [7] })
  })

  it("says why a call cannot be read", async () => {
    const result = await calling({ text: "<call>", toolCalls: [], callProblem: "half" }).doGenerate({ prompt, tools })
    expect(readGeneration(result)).toMatchObject({ text: "<call>", toolCalls: [], callProblem: "half" })
    expect(readGeneration(result).tokens).not.toHaveProperty("callProblem")
  })

  it("is asked as without tools where it may not call any", async () => {
    const result = await calling({ text: "", toolCalls: [] }).doGenerate({
      prompt,
      tools,
      toolChoice: { type: "none" },
    })
    expect(readGeneration(result)).toMatchObject({ text: "<call>", tokens: { promptTokenIds: [1] } })
  })
})

describe("scoring", () => {
  const scored: (readonly number[])[] = []
  const { score } = tokenLanguageModel({
    provider: "test",
    modelId: "test",
    contextSize: 4,
    conversation: {
      start: (_, { opensTurn = true } = {}) => (opensTurn ? [1, 2] : [1]),
      continue: () => [],
      decode: () => "",
    },
    generate: async () => ({ text: "", tokenIds: [], logProbabilities: [], finishReason: "stop" }),
    scoring: {
      encode: (text) => [0, ...text].map(Number),
      tokenText: (id) => `<${id}>`,
      vocabularySize: 9,
      logProbabilities: async (ids) => {
        scored.push(ids)
        return ids.slice(1).map((id) => -id)
      },
    },
  })

  it("is there only where the model has it", () => expect(model).not.toHaveProperty("score"))

  it("gives the first token none, and every other its own", async () => {
    expect(await score!({ text: "58" })).toEqual([
      { id: 0, text: "<0>", logProbability: null },
      { id: 5, text: "<5>", logProbability: -5 },
      { id: 8, text: "<8>", logProbability: -8 },
    ])
    expect(await score!({ tokenIds: [] })).toEqual([])
  })

  it("opens the model's turn unless the last one is its own", async () => {
    expect(await score!({ prompt })).toHaveLength(2)
    expect(await score!({ prompt: [...prompt, assistantMessage("yes")] })).toHaveLength(1)
  })

  it("refuses ids that the model does not have, and more than its context holds", async () => {
    await expect(score!({ tokenIds: [1, 9] })).rejects.toThrow("Token 1 has the id 9; test has ids from 0 to 8.")
    await expect(score!({ tokenIds: [1, 1, 1, 1, 1] })).rejects.toThrow("5 tokens to score; the context of test has 4")
    expect(scored).not.toContainEqual([1, 9])
  })
})
