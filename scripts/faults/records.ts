/** Record files of two folders, equal whatever order their lines are in. */
import { readFileSync } from "node:fs"
import { join } from "node:path"

/** Records of a JSONL file as sorted text; a doubled id is a fault by itself. */
function records(path: string): string[] {
  const lines = readFileSync(path, "utf8").split("\n").filter(Boolean)
  const parsed = lines.map(
    (line) => JSON.parse(line) as { id?: string; step?: number; values?: Record<string, number> },
  )
  const ids = parsed.flatMap(({ id, step }) => id ?? step ?? [])
  if (new Set(ids).size !== ids.length) throw new Error(`${path} holds a record twice`)
  for (const { values } of parsed) if (values) delete values.seconds
  return parsed.map((record) => JSON.stringify(record)).sort()
}

/** Throws where the two differ; the count of records where they do not. */
export function same(a: string, b: string, file: string): number {
  const [left, right] = [records(join(a, file)), records(join(b, file))]
  const found = new Set(right)
  const missing = left.filter((line) => !found.has(line)).length
  if (left.length !== right.length || missing > 0) {
    throw new Error(
      `${file}: ${left.length} records unbroken, ${right.length} after kills, ${missing} of them different`,
    )
  }
  return left.length
}
