/** Small marks for what became of something: a sign and a word, never a colour alone. */
import type { ViewerVerdict } from "../../src/viewer/trajectories-page.ts"
import { type Outcome, outcomeMarks } from "../state/outcome.ts"

export function OutcomeMark({ outcome, isBare = false }: { outcome: Outcome; isBare?: boolean }) {
  return (
    <span class={`mark ${outcome.replace(" ", "-")}`}>
      <span aria-hidden="true">{outcomeMarks[outcome]}</span>
      <span class={isBare ? "unseen" : undefined}>{outcome}</span>
    </span>
  )
}

const verdictMarks = { good: "✓", bad: "✗", unscored: "–" } as const

export function VerdictMark({ verdict }: { verdict: ViewerVerdict["verdict"] }) {
  return (
    <span class={`mark ${{ good: "right", bad: "wrong", unscored: "no-score" }[verdict]}`}>
      <span aria-hidden="true">{verdictMarks[verdict]}</span>
      <span>{verdict}</span>
    </span>
  )
}
