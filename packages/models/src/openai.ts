/**
 * Any OpenAI-compatible `/chat/completions` server. A call makes one request; trying again is the runner's. Failures
 * are sentences with status and an excerpt of the body; the key is in no message.
 */
import {
  errorMessage,
  type GenerateOptions,
  type GenerateResult,
  type LanguageModel,
  type ModelProvider,
  SwirlError,
} from "@swirl-ts/core"
import { ModelCallError } from "@swirl-ts/kit"
import { CompletionSchema, ErrorBodySchema, readCompletion, requestBody } from "./openai-wire.ts"

const officialUrl = "https://api.openai.com/v1"

export interface OpenaiSettings {
  modelId: string
  /** Up to and without `/chat/completions`. */
  baseUrl: string
  apiKey?: string
  /** Milliseconds a call may take; default 600,000. */
  timeout?: number
  /** Default: `max_completion_tokens` for OpenAI's own server, `max_tokens` for every other. */
  maxTokensField?: string
}

export const openaiProvider: ModelProvider = {
  description: "any OpenAI-compatible server: openai:<model> --base-url http://host:port/v1",
  async open(reference, options, { environment }) {
    if (reference === "") throw usage("openai: needs a model name, e.g. openai:gpt-5-mini.")
    const baseUrl = (options.baseUrl ?? environment.OPENAI_BASE_URL ?? officialUrl).replace(/\/+$/, "")
    if (!URL.canParse(baseUrl))
      throw usage(`The base URL "${baseUrl}" is not a URL; write e.g. http://localhost:8000/v1.`)
    const apiKey = environment.SWIRL_API_KEY || environment.OPENAI_API_KEY
    if (!apiKey && baseUrl === officialUrl) {
      throw usage("openai: needs a key in OPENAI_API_KEY (or SWIRL_API_KEY), or a server of your own (--base-url).")
    }
    const timeout = Number(options.timeout)
    const model = openaiModel({
      modelId: reference,
      baseUrl,
      apiKey,
      ...(timeout > 0 ? { timeout } : {}),
      ...(typeof options.maxTokensField === "string" ? { maxTokensField: options.maxTokensField } : {}),
    })
    return { model, identity: reference }
  },
}

export function openaiModel(settings: OpenaiSettings): LanguageModel {
  const { modelId, baseUrl, apiKey, timeout = 600_000 } = settings
  const url = new URL(`${baseUrl}/chat/completions`)
  const authorization = apiKey ? `Bearer ${apiKey}` : basicAuthorization(url)
  url.username = ""
  url.password = ""
  const maxTokensField = settings.maxTokensField ?? (baseUrl === officialUrl ? "max_completion_tokens" : "max_tokens")

  const excerpt = (body: string): string => {
    const text = (apiKey ? body.replaceAll(apiKey, "[key]") : body).replace(/\s+/g, " ").trim()
    return text === "" ? "(empty body)" : text.length > 300 ? `${text.slice(0, 300)}…` : text
  }

  async function doGenerate(options: GenerateOptions): Promise<GenerateResult> {
    const { abortSignal } = options
    const deadline = AbortSignal.timeout(timeout)
    let response: Response
    let body: string
    try {
      response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", ...(authorization ? { authorization } : {}) },
        body: JSON.stringify(requestBody(modelId, options, maxTokensField)),
        signal: abortSignal ? AbortSignal.any([abortSignal, deadline]) : deadline,
      })
      body = await response.text()
    } catch (error) {
      abortSignal?.throwIfAborted()
      throw unreachable(url, deadline.aborted ? timeout : undefined, error)
    }
    const responseHeaders = Object.fromEntries(response.headers)
    const fail = (what: string, statusCode: number, isRetryable: boolean): never => {
      // A wrong key or an unknown model fails for every task alike.
      const kind = statusCode === 401 || statusCode === 403 || statusCode === 404 ? "usage" : "failed"
      throw new ModelCallError(`${url} ${what}: ${excerpt(body)}`, { statusCode, isRetryable, responseHeaders, kind })
    }
    const { status, statusText } = response
    if (!response.ok) fail(`answered ${status} ${statusText}`.trim(), status, retryableStatus(status))
    const value = parseJson(body)
    if (value === undefined) return fail("answered with something that is not JSON", status, true)
    const failed = ErrorBodySchema.safeParse(value)
    if (failed.success) {
      const code = Number(failed.data.error.code)
      return fail("answered with an error", code >= 400 && code < 600 ? code : status, retryableStatus(code))
    }
    const completion = CompletionSchema.safeParse(value)
    if (!completion.success) return fail("answered with no chat completion", status, false)
    return readCompletion(completion.data)
  }

  return { specificationVersion: "v3", provider: "openai", modelId, doGenerate }
}

const retryableStatus = (status: number): boolean => status === 408 || status === 409 || status === 429 || status >= 500

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unreachable(url: URL, timeout: number | undefined, error: unknown): ModelCallError {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause
  const reason =
    timeout === undefined
      ? `could not be reached (${cause?.code ?? cause?.message ?? errorMessage(error)}). Is the server running, and is the base URL right?`
      : `did not answer within ${timeout / 1000} s.`
  return new ModelCallError(`${url} ${reason}`, { isRetryable: true, cause: error })
}

function basicAuthorization({ username, password }: URL): string | undefined {
  if (!username) return undefined
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return `Basic ${Buffer.from(pair).toString("base64")}`
}

const usage = (message: string): SwirlError => new SwirlError(message, { kind: "usage" })
