/** A table as the terminal and Markdown have it. */

import type { Table } from "../../src/tables/table.ts"
import { Scroll } from "./scroll.tsx"
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
      <Scroll of={`${line(title, 80)}`}>
        <table class="plain">
          <thead>
            <tr>
              {columns.map(({ name, numeric }) => (
                <th key={name} scope="col" class={numeric ? "number" : undefined}>
                  {name === "" ? <span class="unseen">mark</span> : line(name, 60)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((texts, number) => (
              <tr key={number}>
                {texts.map((text, at) => (
                  <td key={columns[at]!.name} class={columns[at]!.numeric ? "number" : undefined}>
                    {line(text, 160)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
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
