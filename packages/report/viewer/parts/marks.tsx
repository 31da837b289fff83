/** Small marks for what became of something: a sign and a word, never a colour alone. */
import type { ComponentChildren } from "preact"
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

type Verdict = ViewerVerdict["verdict"]

export const verdictMarks: Readonly<Record<Verdict, string>> = { good: "✓", bad: "✗", unscored: "–" }
/** As the style has their colours. */
export const verdictColors: Readonly<Record<Verdict, string>> = { good: "right", bad: "wrong", unscored: "no-score" }

export function VerdictMark({ verdict, children = verdict }: { verdict: Verdict; children?: ComponentChildren }) {
  return (
    <span class={`mark ${verdictColors[verdict]}`}>
      <span aria-hidden="true">{verdictMarks[verdict]}</span>
      <span>{children}</span>
    </span>
  )
}
