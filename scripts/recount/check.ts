/** `npm run study -- --check <folder>`: each figure that differs, how many were checked, the largest difference, and what nothing recomputes. */
import { join } from "node:path"
import { compareDocuments } from "./compare.ts"
import { expectedMatrix } from "./matrix.ts"
import { readDocument } from "./raw.ts"

/** The exit code: 0 where every figure is equal and none is unknown. */
export function check(root: string, say: (line: string) => void): number {
  try {
    return compared(root, say)
  } catch (error) {
    say(`CANNOT BE CHECKED: ${(error as Error).message}`)
    return 1
  }
}

function compared(root: string, say: (line: string) => void): number {
  const recorded = readDocument(join(root, "matrix.json"))
  const found = compareDocuments(recorded, expectedMatrix(root, recorded))
  sayMost(
    found.differences.map(
      ({ path, recorded, recomputed }) =>
        `DIFFERENT ${path}: recorded ${JSON.stringify(recorded)}, recomputed ${JSON.stringify(recomputed)}`,
    ),
    say,
  )
  sayMost(
    found.unknown.map((path) => `UNKNOWN ${path}: nothing recomputes it`),
    say,
  )
  const { path, difference } = found.largest
  say(
    `${found.figures} figures and ${found.facts} facts of ${join(root, "matrix.json")} recomputed from the records: ${found.differences.length} different, ${found.unknown.length} unknown.`,
  )
  say(`Largest difference of equal figures: ${difference}${difference > 0 ? ` (${path})` : ""}.`)
  say(`No measured figures, taken as they are: ${found.words.length} (${summary(found.words)}).`)
  return found.differences.length + found.unknown.length === 0 ? 0 : 1
}

/** A fault in one record can move many figures. */
function sayMost(lines: readonly string[], say: (line: string) => void): void {
  for (const line of lines.slice(0, 50)) say(line)
  if (lines.length > 50) say(`… and ${lines.length - 50} more`)
}

/** By the last name of their paths. */
function summary(paths: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const path of paths) {
    const last = path
      .split(" ")
      .filter((name) => !/^\d+$/.test(name))
      .at(-1)!
    counts.set(last, (counts.get(last) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => `${name} ${count}`).join(", ")
}
