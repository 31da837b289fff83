/** How the tools fared: a tool that fails teaches a policy nothing about its use, and is easily taken for the policy's fault. */
import type { ReportTool } from "./data.ts"
import { count, percent } from "./format.ts"
import { excerpt, type Html, html } from "./html.ts"

export function toolsSection(tools: readonly ReportTool[]): Html | undefined {
  if (tools.length === 0) return undefined
  return html`<section><h2 id="tools">Tool calls</h2>
<p class="note">Of all trajectories, generated and evaluated, as their steps have them. An error is a call that was answered with one: the input was wrong, the tool failed, or it was late. The most frequent reasons are told by their first line.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Tool calls, scrolls sideways"><table><thead><tr><th scope="col">Tool</th><th scope="col" class="number">Calls</th><th scope="col" class="number">Errors</th><th scope="col" class="number">Per cent</th><th scope="col">Reasons</th></tr></thead>
<tbody>${tools.map(
    ({ name, calls, errors, reasons }) =>
      html`<tr><th scope="row">${excerpt(name)}</th><td class="number">${count(calls)}</td><td class="number">${count(errors)}</td><td class="number">${calls > 0 ? percent(errors / calls) : "–"}</td><td>${Object.entries(reasons).map(([reason, times]) => html`<span class="detail">${count(times)} × ${excerpt(reason)}</span>`)}</td></tr>`,
  )}</tbody></table></div></section>`
}
