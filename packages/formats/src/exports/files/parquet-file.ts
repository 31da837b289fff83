/**
 * A Parquet file, written one group of rows at a time. Columns are declared, never guessed: a row group that lacks a value
 * has the same schema as every other. What has a shape of its own in every row is a `json` column, a text.
 */
import { onDisk, syncPath } from "@swirl-ts/kit"
import { fileWriter, ParquetWriter } from "hyparquet-writer"
import type { TableFile } from "./lines-file.ts"

type Column = "string" | "integer" | "number" | "boolean" | "json" | { list: Column } | { fields: Columns }
export type Columns = Readonly<Record<string, Column>>

type Element = ConstructorParameters<typeof ParquetWriter>[0]["schema"][number]

/** Rows that are held until they are written; most readers like groups of some thousand. */
const groupSize = 1000

export async function createParquetFile(path: string, columns: Columns): Promise<TableFile> {
  const names = Object.keys(columns)
  const schema: Element[] = [
    { name: "root", num_children: names.length },
    ...names.flatMap((name) => elements(name, columns[name]!)),
  ]
  const writer = await onDisk(
    "write",
    path,
    async () => new ParquetWriter({ writer: fileWriter(path), schema, createdBy: "swirl-ts" }),
  )
  let rows: object[] = []
  const flush = async (): Promise<void> => {
    const group = rows
    rows = []
    const columnData = names.map((name) => ({
      name,
      data: group.map((row) => cell(columns[name]!, (row as Record<string, unknown>)[name])),
    }))
    if (group.length > 0)
      await onDisk("write", path, async () => writer.write({ columnData, rowGroupSize: group.length }))
  }
  return {
    async write(row) {
      rows.push(row)
      if (rows.length >= groupSize) await flush()
    },
    async close() {
      await flush()
      await onDisk("write", path, async () => writer.finish())
      await syncPath(path)
    },
  }
}

/** Every value may be null. Lists have the three levels of the specification. */
function elements(name: string, column: Column): Element[] {
  const own = { name, repetition_type: "OPTIONAL" as const }
  if (column === "string" || column === "json") return [{ ...own, type: "BYTE_ARRAY", converted_type: "UTF8" }]
  if (column === "integer") return [{ ...own, type: "INT64" }]
  if (column === "number") return [{ ...own, type: "DOUBLE" }]
  if (column === "boolean") return [{ ...own, type: "BOOLEAN" }]
  if ("list" in column)
    return [
      { ...own, num_children: 1, converted_type: "LIST" },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      ...elements("element", column.list),
    ]
  const inner = Object.entries(column.fields)
  return [{ ...own, num_children: inner.length }, ...inner.flatMap(([key, each]) => elements(key, each))]
}

function cell(column: Column, value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (column === "json") return JSON.stringify(value)
  if (column === "integer") return BigInt(value as number)
  if (typeof column === "string") return value
  if ("list" in column) return (value as readonly unknown[]).map((each) => cell(column.list, each))
  return Object.fromEntries(
    Object.entries(column.fields).map(([key, each]) => [key, cell(each, (value as Record<string, unknown>)[key])]),
  )
}
