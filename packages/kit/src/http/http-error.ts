/** A request that failed, with the fields by which the AI SDK (and `withRetry`) decide whether to try again. */
import { type ErrorKind, SwirlError } from "@swirl-ts/core"

export class HttpError extends SwirlError {
  readonly isRetryable: boolean
  /** Absent where no answer came. */
  readonly statusCode: number | undefined
  readonly responseHeaders: Record<string, string> | undefined
  constructor(
    message: string,
    options: {
      isRetryable: boolean
      statusCode?: number
      responseHeaders?: Record<string, string>
      cause?: unknown
      kind?: ErrorKind
    },
  ) {
    super(message, options)
    this.name = "HttpError"
    this.isRetryable = options.isRetryable
    this.statusCode = options.statusCode
    this.responseHeaders = options.responseHeaders
  }
}
