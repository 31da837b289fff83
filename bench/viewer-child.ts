/** Builds a viewer from the run folder that is named, and prints what it took as JSON. */
import { readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { createRegistry } from "@swirl-ts/core"
import { writeReport } from "@swirl-ts/report"
import { formats } from "@swirl-ts/runner"
import { recordedTurns } from "@swirl-ts/stages"

const [folder = ""] = process.argv.slice(2)
const began = performance.now()
const { summary } = await writeReport(folder, { turnsOf: recordedTurns(createRegistry([formats()])) })
const seconds = (performance.now() - began) / 1000
const { user, system } = process.cpuUsage()
const report = join(folder, "report")
const files = readdirSync(report, { recursive: true, encoding: "utf8" }).map((name) => statSync(join(report, name)))
console.log(
  JSON.stringify({
    samples: summary.pages.samples.count,
    verdicts: summary.judges.reduce((sum, { good, bad }) => sum + good + bad, 0),
    pages: summary.pages.trajectories.starts.length,
    seconds,
    processor: (user + system) / 1e6,
    mebibytes: process.resourceUsage().maxRSS / 1024,
    written: files.reduce((sum, { size }) => sum + size, 0),
  }),
)
