/**
 * Errors people read. A SwirlError says what is wrong, where, and what to do next, in one sentence or two.
 * It is recognised by a global symbol, so two copies of this package still understand each other.
 */
const marker = Symbol.for("swirl-ts.error")

/** `usage`: the caller asked for something that does not exist (exit code 2); `failed`: everything else (exit code 1). */
export type ErrorKind = "usage" | "failed"

export class SwirlError extends Error {
  readonly [marker] = true
  readonly kind: ErrorKind
  constructor(message: string, options: { kind?: ErrorKind; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = "SwirlError"
    this.kind = options.kind ?? "failed"
  }
}

/** True for a SwirlError of any copy of this package. */
export function isSwirlError(error: unknown): error is SwirlError {
  return typeof error === "object" && error !== null && marker in error
}

/** The text of anything that was thrown, also of what is no error. */
export function errorMessage(error: unknown): string {
  if (error instanceof Error) return error.message
  if (error === undefined || error === null) return `${error} was thrown, which says nothing of what went wrong`
  if (typeof error !== "object") return String(error)
  if ("message" in error && typeof error.message === "string") return error.message
  try {
    return JSON.stringify(error) ?? String(error)
  } catch {
    return String(error)
  }
}

/**
 * Why a command ends before its work does, by a budget or because no server answers any more. What is under way is finished
 * and kept, nothing new is begun, and the same command goes on from there.
 */
export class CommandEnd extends SwirlError {
  readonly endsCommand = true
}

/** True for a CommandEnd of any copy of this package. */
export const isCommandEnd = (error: unknown): error is CommandEnd =>
  isSwirlError(error) && "endsCommand" in error && error.endsCommand === true
