/** How the numbers came about, how much was made and left out, and what they do not say. */
import type { ReportData } from "./data.ts"
import { count, words } from "./format.ts"
import { clipped, type Html, html } from "./html.ts"
import { isGamed, seedsPerTraining } from "./matrix-facts.ts"

export function provenanceSection({ provenance, commands, counts }: ReportData): Html | undefined {
  const entries = Object.entries(provenance)
  const numbers = Object.entries(counts)
  if (entries.length + numbers.length + commands.length === 0) return undefined
  return html`<section><h2 id="provenance">How it was made</h2>
${entries.length > 0 && html`<dl>${entries.map(([name, value]) => html`<dt>${name}</dt><dd>${isBlock(value) ? html`<pre>${clipped(value)}</pre>` : clipped(value)}</dd>`)}</dl>`}
${commands.length > 0 && html`<h3>Commands</h3><pre>${clipped(commands.join("\n"))}</pre>`}
${
  numbers.length > 0 &&
  html`<h3>Counts</h3><div class="counts">${numbers.map(([name, value]) => html`<div><span>${words(name)}</span><span>${Number.isInteger(value) ? count(value) : String(value)}</span></div>`)}</div>`
}</section>`
}

const isBlock = (value: string): boolean => value.includes("\n") || value.length > 160

export function caveatSection(data: ReportData): Html | undefined {
  const all = [...data.caveats, ...ownCaveats(data)]
  if (all.length === 0) return undefined
  return html`<section><h2 id="limits">What these numbers do not say</h2><ul class="plain">${all.map((text) => html`<li>${clipped(text)}</li>`)}</ul></section>`
}

/** What follows from the data itself; said whether or not anyone thought of it. */
function ownCaveats({ matrix, counts, calibration }: ReportData): string[] {
  const found: string[] = []
  const trained = matrix?.rows.filter((row) => row.kind === "training") ?? []
  if (seedsPerTraining(trained).most === 1) {
    found.push(
      "One training seed: the intervals are over questions. Another training seed, or another base, can move these numbers by more than they say.",
    )
  }
  if (trained.some((row) => row.oracle)) {
    found.push("Rows with an oracle judge know each task's plan: they are an upper bound, not a method.")
  }
  if (trained.some(isGamed)) {
    found.push(
      "Some trainings gamed their judge: their judged reward is not evidence of anything but the judge's errors.",
    )
  }
  const unscored = (counts.verdictsUnscored ?? 0) / Math.max(1, (counts.verdictsGood ?? 0) + (counts.verdictsBad ?? 0))
  if (unscored > 0.02)
    found.push("More than 2 % of the verdicts are missing (unscored); they are left out, never counted as bad.")
  if (trained.length > 0 && calibration.length === 0) {
    found.push("The judge was not calibrated against an oracle in this run: its error rates are unknown.")
  }
  return found
}
