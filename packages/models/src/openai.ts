/** Any OpenAI-compatible `/chat/completions` server. A call makes one request; trying again is the runner's. */
import { type LanguageModel, type ModelProvider, SwirlError } from "@swirl-ts/core"
import {
  isRetryableStatus,
  type OpenaiEndpoints,
  type OpenaiReply,
  type OpenaiServer,
  officialUrl,
  openaiEndpoints,
  openaiServers,
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
  description: "any OpenAI-compatible server: openai:<model> --base-url http://host:port/v1[,…]",
  async open(reference, options, { environment, log }) {
    if (reference === "") {
      throw new SwirlError("openai: needs a model name, e.g. openai:gpt-5-mini.", { kind: "usage" })
    }
    const { baseUrl, ...settings } = readOptions("model openai", OptionsSchema, options)
    const servers = openaiServers(baseUrl, environment)
    const endpoints = openaiEndpoints(servers, { tell: log })
    const model = modelOf(reference, servers, endpoints, settings)
    return { model, identity: reference, servers: servers.map(addressOf), endpoints: endpoints.counts }
  },
}

function addressOf({ baseUrl }: OpenaiServer): string {
  const url = new URL(baseUrl)
  url.username = ""
  url.password = ""
  return url.href
}

export const openaiModel = ({ modelId, timeout, maxTokensField, ...server }: OpenaiSettings): LanguageModel =>
  modelOf(modelId, [server], openaiEndpoints([server]), { timeout, maxTokensField })

function modelOf(
  modelId: string,
  servers: readonly OpenaiServer[],
  endpoints: OpenaiEndpoints,
  { timeout = 600_000, maxTokensField }: Pick<OpenaiSettings, "timeout" | "maxTokensField">,
): LanguageModel {
  const send = insisting(endpoints.client("/chat/completions", timeout).post)
  const isOfficial = servers.every(({ baseUrl }) => baseUrl === officialUrl)
  const limit = maxTokensField ?? (isOfficial ? "max_completion_tokens" : "max_tokens")
  return {
    specificationVersion: "v3",
    provider: "openai",
    modelId,
    score: openaiScore(modelId, endpoints.client("/completions", timeout)),
    async doGenerate(asked) {
      const prefixKey = asked.providerOptions?.swirl?.prefixKey
      let completion: Completion | undefined
      await send(requestBody(modelId, asked, limit), asked.abortSignal, {
        prefixKey: typeof prefixKey === "string" ? prefixKey : undefined,
        check: (reply) => {
          completion = completionOf(reply)
        },
      })
      return readCompletion(completion!)
    },
  }
}

type Completion = z.infer<typeof CompletionSchema>

/** A gateway whose model went away still says 200: with no turn, or with one that failed. */
function completionOf({ value, refusal }: OpenaiReply): Completion {
  const { data } = CompletionSchema.safeParse(value)
  if (!data) throw refusal("answered with no chat completion", { isRetryable: true })
  const failed = failureOf(data.choices[0]!)
  if (!failed) return data
  const isRetryable = failed.code === undefined || isRetryableStatus(failed.code)
  throw refusal(failed.what, { isRetryable, statusCode: failed.code })
}
