/**
 * Asks one path of an OpenAI-compatible server. A call makes one request; trying again is `withRetry`'s. Failures are
 * sentences with status and an excerpt of the body; neither key nor password is in any of them.
 */
import { errorMessage } from "@swirl-ts/core"
import { z } from "zod"
import { inTime } from "../parallel/in-time.ts"
import { parseJson } from "../values/json.ts"
import { HttpError } from "./http-error.ts"
import type { OpenaiServer } from "./openai-server.ts"
import { isRetryableStatus } from "./retry.ts"

export interface OpenaiReply {
  /** The body, read as JSON. */
  value: unknown
  /** The error for a reply that is not what was asked for; `what` goes on after the address, e.g. `answered with no embeddings`. */
  refusal(what: string): HttpError
}

export interface OpenaiClient {
  post(body: unknown, abortSignal?: AbortSignal): Promise<OpenaiReply>
}

/** Some servers send failures with status 200. */
const ErrorBodySchema = z.object({
  error: z.union([
    z.string().transform(() => ({ code: undefined })),
    z.object({ message: z.string(), code: z.union([z.number(), z.string()]).nullish() }),
  ]),
})

/** `path` begins with a slash; `timeout` is in milliseconds. An abort ends a call by the abort's own reason. */
export function createOpenaiClient(server: OpenaiServer, path: string, timeout: number): OpenaiClient {
  const { url, authorization, secrets } = credentials(server, path)
  const late = `${url} did not answer within ${timeout / 1000} s.`
  const hide = (text: string): string => secrets.reduce((shown, secret) => shown.replaceAll(secret, "[key]"), text)

  return {
    async post(body, abortSignal) {
      const answered = inTime(
        async (signal) => {
          const response = await fetch(url, {
            method: "POST",
            headers: { "content-type": "application/json", ...(authorization ? { authorization } : {}) },
            body: JSON.stringify(body),
            signal,
          })
          return { response, text: await response.text() }
        },
        { milliseconds: timeout, late, abortSignal },
      )
      const { response, text } = await answered.catch((error: unknown) => {
        abortSignal?.throwIfAborted()
        const message = errorMessage(error) === late ? late : `${url} ${hide(unreachable(error))}`
        throw new HttpError(message, { isRetryable: true, cause: error })
      })
      const { ok, status, statusText } = response
      const failure = (what: string, isRetryable: boolean, statusCode = status): HttpError => {
        // A wrong key or an unknown model fails every time.
        const kind = [401, 403, 404].includes(statusCode) ? "usage" : "failed"
        const responseHeaders = Object.fromEntries(response.headers)
        const fields = { isRetryable, statusCode, responseHeaders, kind } as const
        return new HttpError(`${url} ${hide(what)}: ${excerpt(hide(text))}`, fields)
      }
      if (!ok) throw failure(`answered ${status} ${statusText}`.trim(), isRetryableStatus(status))
      const value = parseJson(text)
      if (value === undefined) throw failure("answered with something that is not JSON", true)
      const failed = ErrorBodySchema.safeParse(value)
      if (failed.success) {
        const code = Number(failed.data.error.code)
        throw failure("answered with an error", isRetryableStatus(code), code >= 400 && code < 600 ? code : status)
      }
      return { value, refusal: (what) => failure(what, false) }
    },
  }
}

/** The address without user and password, which `fetch` refuses, and what is sent in their place. */
function credentials({ baseUrl, apiKey }: OpenaiServer, path: string) {
  const url = new URL(`${baseUrl.replace(/\/+$/, "")}${path}`)
  const key = apiKey?.trim()
  const [user, password] = [decoded(url.username), decoded(url.password)]
  const basic = user || password ? Buffer.from(`${user}:${password}`).toString("base64") : undefined
  const secrets = [key, basic, password, url.password].flatMap((secret) => secret || [])
  url.username = ""
  url.password = ""
  return { url, secrets, authorization: basic ? `Basic ${basic}` : key && `Bearer ${key}` }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function excerpt(body: string): string {
  const text = body.replace(/\s+/g, " ").trim()
  return text === "" ? "(empty body)" : text.length > 300 ? `${text.slice(0, 300)}…` : text
}

function unreachable(error: unknown): string {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause
  return `could not be reached (${cause?.code ?? cause?.message ?? errorMessage(error)}). Is the server running, and is the base URL right?`
}
