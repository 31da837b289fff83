/** The tables beside the checkpoints (seeds, contrasts, budgets, cells, published numbers), as every format shows them. */
import { clipped, type Html, html } from "./html.ts"
import type { Table } from "./tables/table.ts"

export const tableBlock = ({ title, about, columns, lines, notes }: Table): Html => {
  const kind = columns.map(({ numeric }) => numeric && html` class="number"`)
  return html`<h3>${title}</h3>${about.length > 0 && html`<p class="note">${about.join(" ")}</p>`}
<div class="scroll" tabindex="0" role="region" aria-label="${title}, scrolls sideways"><table><thead><tr>${columns.map(
    ({ name }, index) => html`<th scope="col"${kind[index]}>${name || "mark"}</th>`,
  )}</tr></thead>
<tbody>${lines.map((texts) => html`<tr>${texts.map((text, index) => html`<td${kind[index]}>${clipped(text)}</td>`)}</tr>`)}</tbody></table></div>
${notes.map((note) => html`<p class="note">${clipped(note)}</p>`)}`
}
