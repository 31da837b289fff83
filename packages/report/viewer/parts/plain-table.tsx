/** A table of texts and numbers: the first cell names its line, numbers stand to the right, and what is not known is a dash. */
import type { ComponentChildren } from "preact"
import { count } from "./numbers.ts"
import { Scroll } from "./scroll.tsx"

export interface PlainColumn {
  title: ComponentChildren
  isNumber?: boolean
}

/** Columns of numbers, by their titles. */
export const numbers = (...titles: string[]): PlainColumn[] => titles.map((title) => ({ title, isNumber: true }))

/** As many cells as there are columns; a number is written whole, and `undefined` as a dash. */
type Line = readonly ComponentChildren[]

interface PlainTableProps {
  /** What it is a table of, for screen readers. */
  of: string
  caption?: string
  /** A title alone is a column of texts. */
  columns: readonly (string | PlainColumn)[]
  lines: readonly Line[]
  /** The last line, of all of them together. */
  together?: Line
  /** No cell is the name of its line. */
  isNameless?: boolean
  class?: string
}

export function PlainTable({ of, caption, columns, lines, together, isNameless, class: more }: PlainTableProps) {
  const shown = columns.map((column): PlainColumn => (typeof column === "string" ? { title: column } : column))
  const look = (at: number) => (shown[at]!.isNumber ? "number" : undefined)
  const cell = (content: ComponentChildren, at: number) => {
    const text = typeof content === "number" ? count(content) : (content ?? "–")
    return at === 0 && !isNameless ? (
      <th key={at} scope="row" class={look(at)}>
        {text}
      </th>
    ) : (
      <td key={at} class={look(at)}>
        {text}
      </td>
    )
  }
  return (
    <Scroll of={of}>
      <table class={`plain ${more ?? ""}`}>
        {caption && <caption>{caption}</caption>}
        <thead>
          <tr>
            {shown.map(({ title }, at) => (
              <th key={at} scope="col" class={look(at)}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line, number) => (
            <tr key={number}>{line.map(cell)}</tr>
          ))}
        </tbody>
        {together && (
          <tfoot>
            <tr>{together.map(cell)}</tr>
          </tfoot>
        )}
      </table>
    </Scroll>
  )
}
