/** A model call that failed, with the fields by which the AI SDK (and the runner) decide whether to try again. */
import { SwirlError } from "@swirl-ts/core"

export class ModelCallError extends SwirlError {
  readonly isRetryable: boolean
  readonly statusCode: number | undefined
  readonly responseHeaders: Record<string, string> | undefined
  constructor(
    message: string,
    options: {
      isRetryable: boolean
      statusCode?: number
      responseHeaders?: Record<string, string>
      cause?: unknown
      kind?: "usage" | "failed"
    },
  ) {
    super(message, options)
    this.name = "ModelCallError"
    this.isRetryable = options.isRetryable
    this.statusCode = options.statusCode
    this.responseHeaders = options.responseHeaders
  }
}
