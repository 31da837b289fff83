/** Why something has no verdict or no score: the first line of what was said, with how often. */
export type Reasons = Record<string, number>

export const firstLine = (text: string): string => text.split("\n", 1)[0]!

export function countReason(reasons: Reasons, reason: string): void {
  const why = firstLine(reason)
  reasons[why] = (reasons[why] ?? 0) + 1
}
