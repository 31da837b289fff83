/** What a report says of its run: the viewer's summary page. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { runInNewContext } from "node:vm"
import type { SummaryPage } from "@swirl-ts/report"

export function reportSummary(directory: string): SummaryPage {
  const script = readFileSync(join(directory, "report", "data", "summary.js"), "utf8")
  return JSON.parse(runInNewContext(`let said; const swirlPage = (_, json) => { said = json }; ${script}; said`))
}
