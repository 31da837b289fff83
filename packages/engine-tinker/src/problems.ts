/** What can go wrong between here and the server, by what it means for a training. */
import { SwirlError } from "@swirl-ts/core"
import { errorCode, HttpError } from "@swirl-ts/kit"

/** It may have been done and may not: a gradient must not be sent again before the state says which. */
export class Doubtful extends SwirlError {}

/** The server no longer holds the model: it was started again, or took it for left behind. */
export class LostModel extends SwirlError {}

/** It failed without a reason: as a rule, a value was no number. */
export class BrokenServer extends SwirlError {}

const statusOf = (error: unknown): number | undefined => (error instanceof HttpError ? error.statusCode : undefined)

/** Whether the request cannot have been taken: nobody listened, or the server said to come again. */
export function wasNotTaken(error: unknown): boolean {
  const status = statusOf(error)
  if (status !== undefined) return status === 429 || status === 503
  const { cause } = error as { cause?: unknown }
  return ["ECONNREFUSED", "EAI_AGAIN", "ENOTFOUND", "ENETUNREACH", "EHOSTUNREACH"].includes(errorCode(cause) ?? "")
}

/** Whether the server refused it, so that nothing was done. */
export const wasRefused = (error: unknown): boolean => {
  const status = statusOf(error)
  return status !== undefined && status >= 400 && status < 500 && status !== 408
}

export const isStillComputed = (error: unknown): boolean => statusOf(error) === 408
export const isUsedPath = (error: unknown): boolean => statusOf(error) === 409
export const isBroken = (error: unknown): boolean => statusOf(error) === 500
export const isUnknown = (error: unknown): boolean => statusOf(error) === 404

/** The server's own words, where it gave some. */
export function detailOf(error: unknown): string | undefined {
  if (!(error instanceof HttpError)) return undefined
  try {
    const { detail } = JSON.parse(error.responseBody ?? "") as { detail?: unknown }
    return typeof detail === "string" ? detail : undefined
  } catch {
    return undefined
  }
}

/** What a refusal says of a model that is not there any more. */
export const isLost = (error: unknown): boolean => {
  const detail = detailOf(error) ?? ""
  return (
    (statusOf(error) === 400 && /\bnot loaded\b/.test(detail)) ||
    (isUnknown(error) && /^(Model\b.*|Session|Future) not found/.test(detail))
  )
}
