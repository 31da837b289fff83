/**
 * Supporting facts as the official script compares them, `set(map(tuple, facts))`: Python's equality of JSON values.
 * `True == 1 == 1.0`, `"0" != 0`, a triple equals no pair, a text is the tuple of its characters, equal facts count once.
 */
import { fromCounts } from "@swirl-ts/bench-kit"

/** One key a distinct fact; undefined where Python raises a TypeError (a number is no tuple, a list inside one has no hash). */
export function factSet(value: unknown): Set<string> | undefined {
  const facts = items(value)?.map(items)
  if (!facts?.every((fact) => fact?.every(isHashable))) return undefined
  return new Set(facts.map((fact) => JSON.stringify(fact!.map(comparable))))
}

export interface FactScores {
  sp_em: number
  sp_f1: number
  sp_prec: number
  sp_recall: number
}

/** Source: `update_sp` of hotpot_evaluate_v1.py. Both sets empty: EM 1, the others 0. */
export function factScores(predicted: ReadonlySet<string>, gold: ReadonlySet<string>): FactScores {
  let common = 0
  for (const fact of predicted) if (gold.has(fact)) common++
  const { f1, prec, recall } = fromCounts(common, predicted.size, gold.size)
  const equal = common === predicted.size && common === gold.size
  return { sp_em: equal ? 1 : 0, sp_f1: f1, sp_prec: prec, sp_recall: recall }
}

/** What Python iterates over: a list's items, a text's characters, an object's keys. */
function items(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (typeof value === "string") return [...value]
  return typeof value === "object" && value !== null ? Object.keys(value) : undefined
}

const isHashable = (value: unknown): boolean => typeof value !== "object" || value === null
/** True is 1. What JSON has no number for gets a text in a list, which no other part of a fact is. */
const comparable = (value: unknown): unknown => {
  if (typeof value === "boolean") return Number(value)
  return typeof value === "number" && !Number.isFinite(value) ? [String(value)] : value
}
