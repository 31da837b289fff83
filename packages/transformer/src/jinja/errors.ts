/** What is wrong with a template, or with what it does, and on which of its lines. */

export class TemplateError extends Error {
  /** Counted from 1; known from where the error leaves the part of the template in which it came up. */
  line?: number
}

export const fail = (message: string): never => {
  throw new TemplateError(message)
}

/** The same error, with its line where it has none yet. */
function atLine(error: unknown, line: number): TemplateError {
  const isEndless = error instanceof RangeError && error.message === "Maximum call stack size exceeded"
  const located =
    error instanceof TemplateError
      ? error
      : new TemplateError(isEndless ? "macros or loops call each other without end" : (error as Error).message)
  located.line ??= line
  return located
}

/** The same function, with a line in whatever goes wrong in it. */
export const located =
  <Given extends unknown[], Result>(line: number, run: (...given: Given) => Result) =>
  (...given: Given): Result => {
    try {
      return run(...given)
    } catch (error) {
      throw atLine(error, line)
    }
  }
