/** `npm run study -- --check <folder>`: each figure that differs, how many were checked, the largest difference, and what nothing recomputes. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { type Comparison, compareDocuments } from "./compare.ts"
import { expectedCsv, expectedSeedsCsv, readCsv, readSeedsCsv } from "./csv.ts"
import { expectedMatrix } from "./matrix.ts"
import { expectedTables, readTables } from "./printed.ts"
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
  if (!existsSync(join(root, "matrix.json")))
    throw new Error(
      `${root} holds no matrix.json; give the folder of an experiment that swirl matrix or swirl demo made`,
    )
  const recorded = readDocument(join(root, "matrix.json"))
  const expected = expectedMatrix(root, recorded)
  const [csv, markdown, seeds] = ["matrix.csv", "matrix.md", "matrix-over-seeds.csv"].map((name) =>
    textOf(join(root, "report", name)),
  )
  const tables = markdown === undefined ? undefined : readTables(markdown)
  const wrong = [
    told("matrix.json", compareDocuments(recorded, expected), say),
    csv === undefined ? 0 : told("report/matrix.csv", compareDocuments(readCsv(csv), expectedCsv(expected)), say),
    seeds === undefined
      ? 0
      : told(
          "report/matrix-over-seeds.csv",
          compareDocuments(readSeedsCsv(seeds), expectedSeedsCsv(expected) ?? {}),
          say,
        ),
    tables ? told("report/matrix.md", compareDocuments(tables, expectedTables(recorded, tables)), say) : 0,
  ]
  return wrong.some((count) => count > 0) ? 1 : 0
}

const textOf = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, "utf8") : undefined)

/** How many leaves are different or unknown. */
function told(file: string, found: Comparison, say: (line: string) => void): number {
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
  const wrong = found.differences.length + found.unknown.length
  say(
    `${file}: ${found.figures} figures and ${found.facts} texts recomputed from the records: ${found.differences.length} different, ${found.unknown.length} unknown.`,
  )
  if (difference > 0) say(`  largest difference of equal figures: ${difference} (${path})`)
  if (found.words.length > 0)
    say(`  no measured figures, taken as they are: ${found.words.length} (${summary(found.words)})`)
  return wrong
}

/** A fault in one record can move many figures. */
function sayMost(lines: readonly string[], say: (line: string) => void): void {
  for (const line of lines.slice(0, 50)) say(line)
  if (lines.length > 50) say(`… and ${lines.length - 50} more`)
}

/** How often each name comes. */
const summary = (names: readonly string[]): string =>
  [...Map.groupBy(names, (name) => name)].map(([name, all]) => `${name} ${all.length}`).join(", ")
