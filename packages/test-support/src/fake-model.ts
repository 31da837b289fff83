/** A model that is a function of what it is asked, and remembers the requests. */
import {
  type GenerateOptions,
  type GenerateResult,
  type JudgeContext,
  type LanguageModel,
  type ModelOptions,
  messageText,
} from "@swirl-ts/core"
import { testHost } from "./host.ts"

/** The text of a turn, or what is other than a text that stops. */
export type FakeReply = string | (Partial<GenerateResult> & { text?: string })

export interface FakeModel extends LanguageModel {
  calls: GenerateOptions[]
}

/** `step`: model turns before this one. Every turn uses 10 tokens in and 5 out. */
export function fakeModel(
  reply: (options: GenerateOptions, step: number) => FakeReply | Promise<FakeReply>,
): FakeModel {
  const calls: GenerateOptions[] = []
  return {
    specificationVersion: "v3",
    provider: "fake",
    modelId: "fake",
    calls,
    async doGenerate(options) {
      calls.push(options)
      const given = await reply(options, options.prompt.filter(({ role }) => role === "assistant").length)
      const { text = "", ...turn } = typeof given === "string" ? { text: given } : given
      return {
        content: text === "" ? [] : [{ type: "text", text }],
        finishReason: "stop",
        usage: { inputTokens: 10, outputTokens: 5 },
        ...turn,
      }
    },
  }
}

/** What a judge is made with where its model replies so; `opened` says which models were asked for. */
export function fakeContext(
  reply: (prompt: string, options: GenerateOptions) => FakeReply | Promise<FakeReply>,
  environment: Record<string, string> = {},
) {
  const model = fakeModel((options) => reply(options.prompt.map(messageText).join("\n"), options))
  const opened: { reference: string; options: ModelOptions | undefined }[] = []
  const context: JudgeContext = {
    host: testHost({ workingDirectory: process.cwd(), environment }),
    openModel: async (reference, options) => {
      opened.push({ reference, options })
      return { model, identity: "weights" }
    },
  }
  return { context, requests: model.calls, opened }
}
