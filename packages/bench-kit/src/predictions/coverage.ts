/** Which questions a predictions file answers: what is missing or matches nothing scores 0, and should not go unseen. */

/** Sentences about gold ids without a prediction, predictions without a gold id, and ids that stand twice; none if all is well. */
export function coverageNotes(
  goldIds: readonly (string | undefined)[],
  predictedIds: Iterable<string>,
  /** What is predicted, after the word prediction. */
  of = "",
): string[] {
  const golds = new Set(goldIds)
  const predicted = new Set(predictedIds)
  const answered = goldIds.filter((id) => id !== undefined && predicted.has(id)).length
  const unknown = [...predicted].filter((id) => !golds.has(id))
  const repeated = repeatedIds(goldIds)
  const first = (ids: readonly string[]): string => JSON.stringify(ids[0])
  return [
    ...(answered < goldIds.length
      ? [`${answered} of ${goldIds.length} gold questions have a prediction${of}; the others score 0`]
      : []),
    ...(unknown.length > 0
      ? [`${unknown.length} of ${predicted.size} predictions${of} name no gold question: ${first(unknown)}`]
      : []),
    ...(repeated.length > 0 ? [`gold ids that stand more than once: ${repeated.length}, e.g. ${first(repeated)}`] : []),
  ]
}

function repeatedIds(ids: readonly (string | undefined)[]): string[] {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const id of ids) {
    if (id === undefined) continue
    if (seen.has(id)) repeated.add(id)
    seen.add(id)
  }
  return [...repeated]
}
