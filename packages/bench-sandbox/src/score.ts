/** Exact match of normalised answers: numbers by value, names by their letters. */
export function normalised(answer: string): string {
  const text = answer
    .trim()
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/\s*\.$/, "")
  return /^-?\d+(\.\d+)?$/.test(text) ? String(Number(text)) : text
}

/** Whether an answer says the same as the reference. */
export const isRight = (reference: string, answer: string | undefined): boolean =>
  answer !== undefined && normalised(answer) === normalised(reference)
