/** What a judge service did since it was started, and the same as Prometheus reads it. Actions, where nothing else is said. */
export interface Counts {
  asked: number
  good: number
  bad: number
  /** Answered without a verdict. */
  unscored: number
  /** Not answered: what failed, failed for every action alike. */
  failed: number
  /** Of those answered: the verdict was on record, or just being made for another request. */
  cached: number
  /** New verdicts on record, those without one included. */
  judged: number
  /** Calls of the judge with one action or several. */
  batches: number
}

export const noCounts = (): Counts => ({
  asked: 0,
  good: 0,
  bad: 0,
  unscored: 0,
  failed: 0,
  cached: 0,
  judged: 0,
  batches: 0,
})

/** Prometheus text exposition, format 0.0.4. `answers`: requests by status. */
export function metricsText(counts: Readonly<Counts>, answers: ReadonlyMap<number, number>): string {
  const { asked, good, bad, unscored, failed, cached, judged, batches } = counts
  const counter = (
    name: string,
    help: string,
    values: readonly (readonly [labels: string, value: number])[],
  ): string[] => [
    `# HELP swirl_judge_${name} ${help}`,
    `# TYPE swirl_judge_${name} counter`,
    ...values.map(([labels, value]) => `swirl_judge_${name}${labels} ${value}`),
  ]
  return [
    ...counter("actions_asked_total", "Actions that a verdict was asked for.", [["", asked]]),
    ...counter("actions_answered_total", "Actions by their verdict; unscored: no verdict.", [
      ['{verdict="good"}', good],
      ['{verdict="bad"}', bad],
      ['{verdict="unscored"}', unscored],
    ]),
    ...counter("actions_failed_total", "Actions that got no answer, because the judge cannot work.", [["", failed]]),
    ...counter("cache_hits_total", "Answered actions whose verdict was known, or just being made.", [["", cached]]),
    ...counter("verdicts_recorded_total", "New records, those without a verdict included.", [["", judged]]),
    ...counter("batches_total", "Calls of the judge.", [["", batches]]),
    ...counter(
      "requests_total",
      "HTTP requests by status.",
      [...answers].sort(([a], [b]) => a - b).map(([status, count]) => [`{status="${status}"}`, count]),
    ),
    "",
  ].join("\n")
}
