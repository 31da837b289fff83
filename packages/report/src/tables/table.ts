/** A table as text: what every format shows. Formats only quote and align; none decides what is in it. */

export interface Table {
  /** In words, without a full stop. */
  title: string
  /** Sentences that are read before the numbers. */
  about: string[]
  columns: { name: string; numeric: boolean }[]
  /** As many texts a line as there are columns. */
  lines: string[][]
  /** What single lines are not over, or why they have no number. */
  notes: string[]
}

export interface Column<Item> {
  name: string
  /** Set to the right. */
  numeric?: boolean
  /** Undefined where the item has none: a column that no item has is left out. */
  of(item: Item): string | undefined
  /** What stands for a value that is not there; default `–`. */
  missing?: string
  /** There whatever the items have. */
  always?: boolean
  /** Said once for the lines that follow one another with it. */
  grouped?: boolean
}

export function tableOf<Item>(
  items: readonly Item[],
  columns: readonly Column<Item>[],
): Pick<Table, "columns" | "lines"> {
  const texts = columns.map(({ of }) => items.map(of))
  const shown = columns.flatMap((column, index) =>
    column.always || texts[index]!.some((text) => text !== undefined) ? [{ column, texts: texts[index]! }] : [],
  )
  return {
    columns: shown.map(({ column: { name, numeric = false } }) => ({ name, numeric })),
    lines: items.map((_, line) =>
      shown.map(({ column: { missing = "–", grouped }, texts }) =>
        grouped && line > 0 && texts[line] === texts[line - 1] ? "" : (texts[line] ?? missing),
      ),
    ),
  }
}
