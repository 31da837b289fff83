/** How the numbers came about, how much was made and left out, and what they do not say. */
import { ownCaveats } from "./caveats.ts"
import type { ReportData } from "./data.ts"
import { count, words } from "./format.ts"
import { clipped, type Html, html } from "./html.ts"

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
