/** Questions that a comparison of two policies is not over, by why. Every question that either was asked is in one count, or compared. */
import { z } from "zod"

export const LeftOutSchema = z.object({
  /** Asked of one side alone. */
  onlyInA: z.int().nonnegative(),
  onlyInB: z.int().nonnegative(),
  /** The two sides have different questions under one id. */
  otherQuestion: z.int().nonnegative(),
  /** The question is the same and its reference answers are others: two scores that no one policy is the reason for. */
  otherReference: z.int().nonnegative().optional(),
  /** Asked of both, without a score on one side at least. */
  unscored: z.int().nonnegative(),
})
export type LeftOut = z.infer<typeof LeftOutSchema>

/** In words, what there is of; nothing where every question is compared. */
export function leftOutInWords(leftOut: LeftOut, a = "a", b = "b"): string[] {
  const { onlyInA, onlyInB, otherQuestion, otherReference = 0, unscored } = leftOut
  const some = (count: number, what: string): string[] => (count > 0 ? [`${count} ${what}`] : [])
  return [
    ...some(onlyInA, `only in ${a}`),
    ...some(onlyInB, `only in ${b}`),
    ...some(otherQuestion, otherQuestion === 1 ? "is another under the same id" : "are others under the same id"),
    ...some(otherReference, otherReference === 1 ? "has another reference answer" : "have other reference answers"),
    ...some(unscored, "without a score on one side"),
  ]
}
