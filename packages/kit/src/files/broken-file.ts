/** A file that is there and cannot be used, which is never taken for one that is missing. */
import { SwirlError } from "@swirl-ts/core"

export class BrokenFile extends SwirlError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { ...options, kind: "usage" })
  }
}
