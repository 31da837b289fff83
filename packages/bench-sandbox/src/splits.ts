/**
 * What belongs to which split. Two rules, both by content, so they hold for every index:
 * a structure (sequence of operations, pair of neighbouring relations) is either common or new, and a question
 * text belongs to one of three families. So no test question is ever a training question, in any world.
 */
import { contentHash } from "@swirl-ts/core"

/** `demonstration` is what pre-training reads; it is generated on demand and never listed as a split. */
export type Split = "train" | "development" | "test" | "test-new" | "demonstration"

const bucket = (text: string, buckets: number): number => Number.parseInt(contentHash(text, 8), 16) % buckets

/** A fifth of all structures is held out of pre-training and training. */
export const isNewStructure = (structure: string): boolean => bucket(`sandbox structure ${structure}`, 5) === 0

/** One question in eight is for development, one in eight for test, the others for training and pre-training. */
export function allowsQuestion(split: Split, question: string): boolean {
  if (split === "test-new") return true
  const place = bucket(`sandbox question ${question}`, 8)
  const family = place === 0 ? "development" : place === 1 ? "test" : "train"
  return family === (split === "demonstration" ? "train" : split)
}
