/** Calls every row, one after another, and writes what came of each as JSON to the file that is given. */
import { globSync, writeFileSync } from "node:fs"
import { inTime } from "@swirl-ts/kit"
import { type Row, versionOf } from "./row.ts"

interface Outcome {
  file: string
  library: string
  version: string
  problem?: string
}

const outcomes: Outcome[] = []
for (const file of globSync("rows/*/*.ts").sort()) {
  const outcome: Outcome = { file, library: file, version: "" }
  outcomes.push(outcome)
  try {
    const { default: row } = (await import(new URL(file, import.meta.url).href)) as { default: Row }
    outcome.library = row.library
    outcome.version = versionOf(row.package)
    await inTime(() => row.calls(), { milliseconds: 60_000, late: "not done within 60 s" })
  } catch (error) {
    outcome.problem = error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}
writeFileSync(process.argv[2]!, JSON.stringify(outcomes))
