/**
 * The two group metrics of MuSiQue-Full: the answerable twin's answer and support F1 where both answerability flags are
 * right, in file order, else 0. Source: `metrics/group_*_sufficiency.py`. Twins are found by id, wherever they stand.
 */
import { type Metrics, SwirlError } from "@swirl-ts/core"
import { equal } from "./python-values.ts"
import type { Gold, Prediction } from "./scoring-records.ts"

interface Group {
  scores?: Metrics
  flagsRight: boolean
  count: number
}

/** Scores of each id, in the order ids first occur. */
export function groupScores(
  golds: readonly Gold[],
  predictions: readonly Prediction[],
  items: readonly { id: string; metrics: Metrics }[],
): Map<string, Metrics> {
  const groups = new Map<string, Group>()
  golds.forEach(({ answerable }, place) => {
    const { id, metrics } = items[place]!
    const group = groups.get(id) ?? { flagsRight: true, count: 0 }
    groups.set(id, group)
    group.count++
    if (!equal(answerable, predictions[place]!.answerable)) group.flagsRight = false
    if (equal(answerable, 1)) group.scores = metrics
  })
  return new Map([...groups].map(([id, group]) => [id, scoresOf(id, group)]))
}

function scoresOf(id: string, { scores, flagsRight, count }: Group): Metrics {
  if (count !== 2 || !scores) {
    const what = count === 2 ? "two records but none is answerable" : `${count} record${count === 1 ? "" : "s"}`
    throw new SwirlError(
      `The gold file holds an unanswerable record, so it is scored as MuSiQue-Full, where each id stands for two records, one of them answerable; ${id} has ${what}. The official evaluate_v1.0.py stops there too.`,
    )
  }
  return {
    group_answer_sufficiency_f1: flagsRight ? (scores.answer_f1 ?? 0) : 0,
    group_support_sufficiency_f1: flagsRight ? (scores.support_f1 ?? 0) : 0,
  }
}
