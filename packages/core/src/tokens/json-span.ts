/** JSON that stands within a text, found by its brackets: whatever stands in its strings opens and closes nothing. */

/** Where the object or list that opens at `start` ends; undefined where it does not. */
export function jsonEnd(text: string, start: number): number | undefined {
  let depth = 0
  let isString = false
  for (let at = start; at < text.length; at++) {
    const letter = text[at]!
    if (isString) {
      if (letter === "\\") at++
      else if (letter === '"') isString = false
    } else if (letter === '"') isString = true
    else if (letter === "{" || letter === "[") depth++
    else if ((letter === "}" || letter === "]") && --depth === 0) return at + 1
  }
  return undefined
}

/** The outermost JSON object that holds the letter at `place`. */
export function objectAround(
  text: string,
  place: number,
): { start: number; end: number; value: Record<string, unknown> } | undefined {
  for (let start = text.indexOf("{"); start >= 0 && start <= place; ) {
    const end = jsonEnd(text, start)
    const value = end !== undefined && end > place ? parsed(text.slice(start, end)) : undefined
    if (end !== undefined && value) return { start, end, value }
    start = text.indexOf("{", end !== undefined && end <= place ? end : start + 1)
  }
  return undefined
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
}
