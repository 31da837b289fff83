/** Rows written as columns, page by page. A column of nulls alone, or of zeros where it counts, is left out of its page. */
import { writePage } from "./page-writer.ts"

export interface ColumnWriter<Row extends object> {
  readonly starts: readonly number[]
  readonly count: number
  add(row: Row): Promise<void>
  end(): Promise<void>
}

const rowsAPage = 10_000

/** `always`: columns that are there whatever they hold. A record of numbers in a row is columns of its own, by their names. */
export function columnWriter<Row extends object>(
  folder: string,
  kind: string,
  always: readonly (keyof Row & string)[],
): ColumnWriter<Row> {
  const starts: number[] = []
  let rows: Row[] = []
  let count = 0
  async function end(): Promise<void> {
    if (rows.length === 0) return
    const start = count - rows.length
    const page = { start, ...columns(rows, always) }
    await writePage(folder, `${kind}-${starts.length}`, JSON.stringify(page))
    starts.push(start)
    rows = []
  }
  return {
    starts,
    get count() {
      return count
    },
    async add(row) {
      rows.push(row)
      count++
      if (rows.length === rowsAPage) await end()
    },
    end,
  }
}

function columns<Row extends object>(rows: readonly Row[], always: readonly string[]): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const name of Object.keys(rows[0]!) as (keyof Row & string)[]) {
    const values = rows.map((row) => row[name])
    if (values.some((value) => typeof value === "object" && value !== null))
      found[name] = recordColumns(values as Record<string, number>[])
    else if (always.includes(name) || values.some((value) => value !== null && value !== 0)) found[name] = values
  }
  return found
}

function recordColumns(records: readonly Readonly<Record<string, number>>[]): Record<string, (number | null)[]> {
  const names = new Set(records.flatMap((record) => Object.keys(record)))
  return Object.fromEntries(
    [...names].map((name) => [name, records.map((record) => (Object.hasOwn(record, name) ? record[name]! : null))]),
  )
}
