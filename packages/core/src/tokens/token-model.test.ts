import { describe, expect, it } from "vitest"
import { readGeneration } from "../contracts/model.ts"
import { userMessage } from "../prompts/prompt.ts"
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
