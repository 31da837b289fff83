/** A table as the terminal and Markdown have it. */

import type { Table } from "../../src/tables/table.ts"
import { PlainTable } from "./plain-table.tsx"
import { line } from "./text.tsx"

export function TextTable({ table: { title, about, columns, lines, notes } }: { table: Table }) {
  return (
    <details class="text-table">
      <summary>{line(title, 200)}</summary>
      {about.map((text) => (
        <p key={text} class="note">
          {line(text, 1000)}
        </p>
      ))}
      <PlainTable
        of={line(title, 80)}
        columns={columns.map(({ name, numeric }) => ({
          title: name === "" ? <span class="unseen">mark</span> : line(name, 60),
          isNumber: numeric,
        }))}
        lines={lines.map((texts) => texts.map((text) => line(text, 160)))}
        isNameless
      />
      {notes.length > 0 && (
        <ul class="notes">
          {notes.map((note) => (
            <li key={note}>{line(note, 600)}</li>
          ))}
        </ul>
      )}
    </details>
  )
}
