import type { ModelProvider } from "@swirl-ts/core"
import { createOpenAICompatible } from "openai-compatible-7"
import { checkModel } from "../../model-checks.ts"
import type { Row } from "../../row.ts"

const providerAt = (baseURL: string): ModelProvider => ({
  description: "A provider of AI SDK 7.",
  open: async (reference) => ({
    model: createOpenAICompatible({ name: "local", baseURL })(reference),
    identity: reference,
  }),
})

export default {
  library: "model of AI SDK 7 (LanguageModelV4)",
  package: "openai-compatible-7",
  calls: () => checkModel(providerAt),
} satisfies Row
