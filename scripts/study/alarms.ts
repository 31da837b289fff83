/**
 * The alarms over runs that go well and runs made to go wrong (scripts/study/alarms/runs.ts).
 *
 *   npm run study -- --alarms [--folder runs/alarms]   makes what is not there yet, docs/alarms/runs.jsonl and docs/alarms.md
 *   npm run study -- --alarms --page                   the table and the page, from docs/alarms/runs.jsonl alone
 */
import { writeFileSync } from "node:fs"
import { makeRuns } from "./alarms/make.ts"
import { alarmPage, alarmTable } from "./alarms/page.ts"
import { readRuns, recordRuns } from "./alarms/records.ts"
import { runsOf, seeds } from "./alarms/runs.ts"
import { judge } from "./alarms/table.ts"

const records = "docs/alarms/runs.jsonl"

export function studyAlarms({ folder, page }: { folder: string; page: boolean }): void {
  if (!page) makeRuns(folder, seeds.flatMap(runsOf))
  const runs = page ? readRuns(records) : recordRuns(folder, records)
  const judged = runs.map(judge)
  process.stdout.write(`${alarmTable(judged).join("\n")}\n`)
  writeFileSync("docs/alarms.md", alarmPage(judged, seeds))
}
