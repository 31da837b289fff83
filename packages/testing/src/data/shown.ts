/** Values in messages: short, on one line. */

export function shown(value: unknown): string {
  const text = typeof value === "function" ? "a function" : (JSON.stringify(value) ?? String(value))
  return text.length > 120 ? `${text.slice(0, 100)}… (${text.length} characters)` : text
}

/** What a call is called among the checks. */
export const inputText = ({ name, input }: { name?: string; input: unknown }): string => name ?? shown(input)
