/**
 * Two studies by hand.
 *
 *   npm run study                       the demo over five fixed seeds, and docs/seeds.md (scripts/study/five-seeds.ts)
 *   npm run study -- --check <folder>   every figure of an experiment's matrix, recomputed from its records (scripts/recount)
 */
import { parseArgs } from "node:util"

const { values } = parseArgs({ options: { check: { type: "string" }, page: { type: "boolean" } } })
if (values.check === undefined) await import("./study/five-seeds.ts")
else {
  const { check } = await import("./recount/check.ts")
  process.exitCode = check(values.check, (line) => process.stdout.write(`${line}\n`))
}
