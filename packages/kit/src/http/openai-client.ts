/**
 * Asks one path of an OpenAI-compatible server. A call makes one request; trying again is `withRetry`'s. Failures are
 * sentences with status and an excerpt of the body; neither key nor password is in any of them.
 */
import { errorMessage } from "@swirl-ts/core"
import { inTime } from "../parallel/in-time.ts"
import { errorCode } from "../values/error-code.ts"
import { parseJson } from "../values/json.ts"
import { HttpError } from "./http-error.ts"
import type { OpenaiServer } from "./openai-server.ts"
import { EndlessAnswer, post } from "./post.ts"
import { errorIn, type Refusal, refusalOf } from "./refusals.ts"

export interface OpenaiReply {
  /** The body, read as JSON. */
  value: unknown
  /**
   * The error for a reply that is not what was asked for; `what` goes on after the address, e.g. `answered with no embeddings`.
   * It is not worth another try unless `more` says so.
   */
  refusal(what: string, more?: Partial<Pick<Refusal, "isRetryable" | "statusCode" | "kind">>): HttpError
}

export interface PostOptions {
  /** Of several servers: calls with the same value begin alike. */
  prefixKey?: string
  /** Throws where the reply is not what was asked for: of several servers, another is asked then. */
  check?(reply: OpenaiReply): void
}

export interface OpenaiClient {
  post(body: unknown, abortSignal?: AbortSignal, options?: PostOptions): Promise<OpenaiReply>
}

/** `path` begins with a slash; `timeout` is in milliseconds. An abort ends a call by the abort's own reason. */
export function createOpenaiClient(server: OpenaiServer, path: string, timeout: number): OpenaiClient {
  const { url, authorization, secrets } = credentials(server, path)
  const late = `${url} did not answer within ${timeout / 1000} s.`
  const hide = (text: string): string => secrets.reduce((shown, secret) => shown.replaceAll(secret, "[key]"), text)

  return {
    async post(body, abortSignal, { check } = {}) {
      const headers = {
        "content-type": "application/json",
        ...(authorization ? { authorization } : {}),
        ...server.headers,
      }
      const answer = inTime((signal) => post(url, { headers, body: JSON.stringify(body), signal }), {
        milliseconds: timeout,
        late,
        abortSignal,
      })
      const {
        status,
        statusText,
        text,
        isWhole,
        headers: answered,
      } = await answer.catch((error: unknown) => {
        abortSignal?.throwIfAborted()
        if (errorCode(error) === "ERR_INVALID_CHAR") {
          const message = `${url} cannot be asked: the key [key] holds a character that no header can carry.`
          throw new HttpError(message, { isRetryable: false, kind: "usage" })
        }
        const message = errorMessage(error) === late ? late : `${url} ${hide(unanswered(error))}`
        throw new HttpError(message, { isRetryable: true, cause: error })
      })
      const failure = (what: string, { advice, ...refusal }: Refusal): HttpError => {
        const said = [hide(what), ...(advice ? [advice] : []), excerpt(hide(text))].join(": ")
        const responseBody = hide(text).slice(0, 4000)
        const responseHeaders = Object.fromEntries(Object.entries(answered).map(([name, value]) => [name, hide(value)]))
        return new HttpError(`${url} ${said}`, { ...refusal, responseHeaders, responseBody })
      }
      const refused = (what: string): HttpError => failure(what, refusalOf(status, text, answered))
      if (status < 200 || status > 299) throw refused(`answered ${status} ${statusText}`.trim())
      const plain = { isRetryable: false, statusCode: status, kind: "failed" } as const
      if (!isWhole) throw failure("answered with bytes that are no UTF-8", { ...plain, isRetryable: true })
      const value = parseJson(text)
      if (value === undefined)
        throw failure("answered with something that is not JSON", { ...plain, isRetryable: true })
      if (errorIn(value)) throw refused("answered with an error")
      const reply: OpenaiReply = { value, refusal: (what, more) => failure(what, { ...plain, ...more }) }
      check?.(reply)
      return reply
    },
  }
}

/** The address without user and password, which `fetch` refuses, and what is sent in their place. */
function credentials({ baseUrl, apiKey }: OpenaiServer, path: string) {
  const url = new URL(`${baseUrl.replace(/\/+$/, "")}${path}`)
  const key = apiKey?.trim()
  const [user, password] = [decoded(url.username), decoded(url.password)]
  const basic = user || password ? Buffer.from(`${user}:${password}`).toString("base64") : undefined
  const secrets = [key, basic, password, url.password].flatMap((secret) => (secret ? spellings(secret) : []))
  url.username = ""
  url.password = ""
  return { url, secrets, authorization: basic ? `Basic ${basic}` : key && `Bearer ${key}` }
}

/** As servers repeat it: as it came, or as a text in JSON, in which some write every slash with a backslash. */
function spellings(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1)
  return [...new Set([secret, inJson, inJson.replaceAll("/", "\\/"), encodeURIComponent(secret)])]
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

function unanswered(error: unknown): string {
  if (error instanceof EndlessAnswer) return `${error.message}, so it was left. Is it a server of models?`
  return `could not be reached (${errorCode(error) ?? errorMessage(error)}). Is the server running, and is the base URL right?`
}
