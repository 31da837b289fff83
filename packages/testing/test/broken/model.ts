import { type GenerateOptions, type GenerateResult, type ModelProvider, messageText } from "@swirl-ts/core"
import { modelChecks } from "../../src/index.ts"
import { brokenExamples } from "./broken.ts"

const asked = ({ prompt }: GenerateOptions): string => prompt.map(messageText).join("\n")

const says = (text: string, tokens: number): GenerateResult => ({
  content: [{ type: "text", text }],
  finishReason: { unified: "stop", raw: "stop" },
  usage: { inputTokens: { total: 5 }, outputTokens: { total: tokens } },
})
const reply = async (options: GenerateOptions): Promise<GenerateResult> => {
  options.abortSignal?.throwIfAborted()
  return says("17", Math.min(2, options.maxOutputTokens ?? 2))
}
const provider = (
  doGenerate: (options: GenerateOptions) => Promise<GenerateResult> = reply,
  identity = () => "parrot",
): ModelProvider => ({
  description: "always says 17",
  open: async () => ({
    model: { specificationVersion: "v3", provider: "parrot", modelId: "parrot", doGenerate },
    identity: identity(),
  }),
})
const sound = provider()
let count = 0

export const model = brokenExamples("model", modelChecks, [sound], {
  "is a model provider that can be loaded": [{ ...sound, description: "" }],
  "opens a language model that says what it is": [provider(reply, () => "")],
  "is called the same each time it is opened": [provider(reply, () => `parrot ${count++}`)],
  "answers a question with text, a reason and counts": [
    provider(async (options) => {
      const answer = await reply(options)
      return asked(options) === "What is 12 + 5?" ? says("17", -1) : answer
    }),
  ],
  "answers whatever text it is asked": [
    provider(async (options) => (asked(options).includes("\u0000") ? says("17", -1) : reply(options))),
  ],
  "stops at its token limit": [provider(({ maxOutputTokens: _, ...options }) => reply(options))],
  "leaves what it is asked as it is": [
    provider((options) => {
      options.temperature = 1
      return reply(options)
    }),
  ],
  "answers the same request alike": [
    provider(async (options) => ({ ...(await reply(options)), ...says(`${count++}`, 1) })),
  ],
  "refuses when it is aborted before": [provider(({ abortSignal: _, ...options }) => reply(options))],
  "ends when it is aborted": [
    provider(async (options) => {
      const answer = await reply(options)
      if (options.abortSignal) await new Promise((resolve) => setTimeout(resolve, 3_000))
      return answer
    }),
  ],
})
