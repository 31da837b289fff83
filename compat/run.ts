/** Calls every row, one after another, and writes what came of each as JSON to the file that is given. */
import { globSync, writeFileSync } from "node:fs"
import { type Row, versionOf } from "./row.ts"

interface Outcome {
  file: string
  library: string
  version: string
  problem?: string
}

const late = (seconds: number) =>
  new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`not done within ${seconds} s`)), 1000 * seconds).unref()
  })

const outcomes: Outcome[] = []
for (const file of globSync("rows/*/*.ts").sort()) {
  const outcome: Outcome = { file, library: file, version: "" }
  outcomes.push(outcome)
  try {
    const { default: row } = (await import(new URL(file, import.meta.url).href)) as { default: Row }
    outcome.library = row.library
    outcome.version = versionOf(row.package)
    await Promise.race([row.calls(), late(60)])
  } catch (error) {
    outcome.problem = error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}
writeFileSync(process.argv[2]!, JSON.stringify(outcomes))
