/**
 * What a failed answer means for whoever asked: whether it passes, whether it would fail for every request alike, and which
 * setting of the request it is about. Invariant: what waiting cannot mend is not tried again.
 */
import { type ErrorKind, isContextOverflow } from "@swirl-ts/core"
import { z } from "zod"
import { parseJson } from "../values/json.ts"
import { isRetryableStatus } from "./retry.ts"

const ErrorFieldsSchema = z.looseObject({
  message: z.string().nullish(),
  code: z.union([z.number(), z.string()]).nullish(),
  type: z.string().nullish(),
  param: z.string().nullish(),
})
/** Some servers send failures with status 200. */
const ErrorBodySchema = z.union([
  z.object({
    error: z.union([
      z
        .string()
        .min(1)
        .transform((message): ErrorFields => ({ message })),
      ErrorFieldsSchema,
    ]),
  }),
  // vLLM's, of older versions.
  ErrorFieldsSchema.extend({ object: z.literal("error"), message: z.string() }).transform((error) => ({ error })),
])
export type ErrorFields = z.infer<typeof ErrorFieldsSchema>

export interface Refusal {
  isRetryable: boolean
  statusCode: number
  kind: ErrorKind
  /** Said before the excerpt of the body. */
  advice?: string
  /** The setting that the server names. */
  parameter?: string
}

/** The error in a body; undefined where there is none. */
export function errorIn(body: unknown): ErrorFields | undefined {
  const read = ErrorBodySchema.safeParse(body)
  return read.success ? read.data.error : undefined
}

/** `text`: the body as it came. */
export function refusalOf(status: number, text: string, headers: Readonly<Record<string, string>>): Refusal {
  const { code, type, param } = errorIn(parseJson(text)) ?? {}
  const own = Number(code)
  const isOwn = own >= 400 && own < 600
  const parameter = param ?? undefined
  const told = [code, type].join(" ")
  if (isQuotaUsedUp(isOwn && status < 400 ? own : status, told, text, headers)) {
    return { isRetryable: false, statusCode: status, kind: "usage", advice: usedUp, parameter }
  }
  if (status >= 400 || isOwn) {
    const statusCode = status >= 400 ? status : own
    // A wrong key or an unknown model fails every time.
    const kind = [401, 403, 404].includes(statusCode) ? "usage" : "failed"
    return { isRetryable: isRetryableStatus(statusCode), statusCode, kind, parameter }
  }
  // An error with status 200 that names no status: the server's own trouble, unless it says that the request is at fault.
  if (isContextOverflow({ statusCode: 400, message: text })) {
    return { isRetryable: false, statusCode: 400, kind: "failed", parameter }
  }
  const kind = /invalid_api_key|authentication|permission|model_not_found/i.test(told) ? "usage" : "failed"
  return { isRetryable: kind === "failed" && !/invalid_request/i.test(told), statusCode: status, kind, parameter }
}

const usedUp =
  "the quota of this key is used up, so waiting does not help. Add credit, or give another key or server, and run the command again: it goes on from here"

/** A rate limit passes and says when; credit that is gone does not. */
function isQuotaUsedUp(status: number, told: string, text: string, headers: Readonly<Record<string, string>>): boolean {
  if (![400, 402, 403, 429].includes(status) && status >= 300) return false
  if (
    status === 402 ||
    /insufficient_(quota|balance|credits?|funds)|billing_(hard_limit|not_active)|arrearage/i.test(told)
  )
    return true
  const passes =
    headers["retry-after"] !== undefined || headers["retry-after-ms"] !== undefined || /retryDelay/.test(text)
  return !passes && usedUpWordings.test(text)
}

const usedUpWordings =
  /exceeded your current quota|insufficient (account )?(balance|quota|credits?|funds)|credit balance is too low|(out of|no (more|remaining)) credits|(balance|credits) (is |are |has been |have been )?exhausted|used all available credits|your specified API usage limits/i
