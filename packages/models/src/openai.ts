/** Any OpenAI-compatible `/chat/completions` server. A call makes one request; trying again is the runner's. */
import { type LanguageModel, type ModelProvider, SwirlError } from "@swirl-ts/core"
import {
  createOpenaiClient,
  isRetryableStatus,
  type OpenaiServer,
  officialUrl,
  openaiServer,
  readOptions,
} from "@swirl-ts/kit"
import { z } from "zod"
import { insisting } from "./objections.ts"
import { openaiScore } from "./openai-score.ts"
import { CompletionSchema, failureOf, readCompletion, requestBody } from "./openai-wire.ts"

export interface OpenaiSettings extends OpenaiServer {
  modelId: string
  /** Milliseconds a call may take; default 600,000. */
  timeout?: number
  /** Default: `max_completion_tokens` for OpenAI's own server, `max_tokens` for every other. */
  maxTokensField?: string
}

/** What other models are shown as well is passed over. */
const OptionsSchema = z.object({
  baseUrl: z.string().optional(),
  timeout: z.number().positive().optional(),
  maxTokensField: z.string().min(1).optional(),
})

export const openaiProvider: ModelProvider = {
  description: "any OpenAI-compatible server: openai:<model> --base-url http://host:port/v1",
  async open(reference, options, { environment }) {
    if (reference === "") {
      throw new SwirlError("openai: needs a model name, e.g. openai:gpt-5-mini.", { kind: "usage" })
    }
    const { baseUrl, ...settings } = readOptions("model openai", OptionsSchema, options)
    const model = openaiModel({ modelId: reference, ...openaiServer(baseUrl, environment), ...settings })
    return { model, identity: reference }
  },
}

export function openaiModel({ modelId, timeout = 600_000, maxTokensField, ...server }: OpenaiSettings): LanguageModel {
  const client = createOpenaiClient(server, "/chat/completions", timeout)
  const send = insisting(client.post)
  const limit = maxTokensField ?? (server.baseUrl === officialUrl ? "max_completion_tokens" : "max_tokens")
  return {
    specificationVersion: "v3",
    provider: "openai",
    modelId,
    score: openaiScore(modelId, createOpenaiClient(server, "/completions", timeout)),
    async doGenerate(asked) {
      const reply = await send(requestBody(modelId, asked, limit), asked.abortSignal)
      const completion = CompletionSchema.safeParse(reply.value)
      // A gateway whose model went away still says 200: with no turn, or with one that failed.
      if (!completion.success) throw reply.refusal("answered with no chat completion", { isRetryable: true })
      const failed = failureOf(completion.data.choices[0]!)
      if (failed) {
        const isRetryable = failed.code === undefined || isRetryableStatus(failed.code)
        throw reply.refusal(failed.what, { isRetryable, statusCode: failed.code })
      }
      return readCompletion(completion.data)
    },
  }
}
