/** A model that answers by a function of what it is asked, and remembers the requests; and the context that opens it. */
import {
  type GenerateOptions,
  type GenerateResult,
  type JudgeContext,
  type LanguageModel,
  type ModelOptions,
  messageText,
} from "@swirl-ts/core"

export interface FakeReply {
  text: string
  finishReason?: string
}

export function fakeContext(
  reply: (prompt: string, options: GenerateOptions) => string | FakeReply | Promise<string | FakeReply>,
  environment: Record<string, string> = {},
) {
  const requests: GenerateOptions[] = []
  const opened: { reference: string; options: ModelOptions | undefined }[] = []
  const model: LanguageModel = {
    specificationVersion: "v3",
    provider: "fake",
    modelId: "fake",
    async doGenerate(options): Promise<GenerateResult> {
      requests.push(options)
      const answer = await reply(options.prompt.map(messageText).join("\n"), options)
      const { text, finishReason = "stop" } = typeof answer === "string" ? { text: answer } : answer
      return {
        content: text === "" ? [] : [{ type: "text", text }],
        finishReason: { unified: finishReason, raw: finishReason },
        usage: { inputTokens: { total: 10 }, outputTokens: { total: 2 } },
      }
    },
  }
  const context: JudgeContext = {
    host: { cacheDirectory: "", workingDirectory: process.cwd(), environment, log: () => {} },
    openModel: async (reference, options) => {
      opened.push({ reference, options })
      return { model, identity: "weights" }
    },
  }
  return { context, requests, opened }
}
