/** A language model that always says the same, or always fails the same way. */
import type { LanguageModel } from "@swirl-ts/core"

export const modelThatSays = (reply: string | Error): LanguageModel => ({
  specificationVersion: "v3",
  provider: "checked",
  modelId: "checked",
  async doGenerate({ abortSignal }) {
    abortSignal?.throwIfAborted()
    if (reply instanceof Error) throw reply
    return {
      content: [{ type: "text", text: reply }],
      finishReason: { unified: "stop", raw: "stop" },
      usage: { inputTokens: { total: 10 }, outputTokens: { total: 5 } },
    }
  },
})
