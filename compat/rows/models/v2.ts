import type { ModelProvider } from "@swirl-ts/core"
import { createOpenAICompatible } from "openai-compatible-5"
import { checkModel } from "../../model-checks.ts"
import type { Row } from "../../row.ts"

const providerAt = (baseURL: string): ModelProvider => ({
  description: "A provider of AI SDK 5.",
  open: async (reference) => ({
    model: createOpenAICompatible({ name: "local", baseURL })(reference),
    identity: reference,
  }),
})

export default {
  library: "model of AI SDK 5 (LanguageModelV2)",
  package: "openai-compatible-5",
  calls: () => checkModel(providerAt),
} satisfies Row
