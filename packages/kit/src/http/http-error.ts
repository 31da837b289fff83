/** A request that failed, with the fields by which the AI SDK (and `withRetry`) decide whether to try again. */
import { type ErrorKind, SwirlError } from "@swirl-ts/core"

export interface HttpErrorFields {
  isRetryable: boolean
  /** Absent where no answer came. */
  statusCode?: number
  responseHeaders?: Record<string, string>
  /** What the server said, its beginning; keys and passwords are not in it. */
  responseBody?: string
  /** The setting of the request that the server names, e.g. `temperature`. */
  parameter?: string
}

export class HttpError extends SwirlError implements HttpErrorFields {
  readonly isRetryable: boolean
  readonly statusCode: number | undefined
  readonly responseHeaders: Record<string, string> | undefined
  readonly responseBody: string | undefined
  readonly parameter: string | undefined
  constructor(message: string, options: HttpErrorFields & { cause?: unknown; kind?: ErrorKind }) {
    super(message, options)
    this.name = "HttpError"
    this.isRetryable = options.isRetryable
    this.statusCode = options.statusCode
    this.responseHeaders = options.responseHeaders
    this.responseBody = options.responseBody
    this.parameter = options.parameter
  }
}
