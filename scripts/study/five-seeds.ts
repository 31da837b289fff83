/**
 * The demo over seeds that were fixed before anything was tuned (1001 to 1005). Writes docs/seeds/<seed>.json as the
 * demo printed it, and docs/seeds.md from those files alone. A failing seed is reported, not replaced.
 *
 *   npm run study                 every seed that is not there yet, then the page
 *   npm run study -- --page       the page only
 */
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import type { CellResult, ChangedCell, MatrixRow } from "@swirl-ts/core"
import { changeMark, type Direction, direction, interval, isGamed, percent, points } from "@swirl-ts/report"

const seeds = [1001, 1002, 1003, 1004, 1005]
const folder = "docs/seeds"
mkdirSync(folder, { recursive: true })

interface Demo {
  seed: number
  backend: string
  seconds: number
  measured?: { date: string; machine: string }
  base: Record<string, CellResult>
  rows: MatrixRow[]
}

if (!process.argv.includes("--page")) {
  for (const seed of seeds) {
    const path = `${folder}/${seed}.json`
    if (existsSync(path)) continue
    const bin = "packages/cli/bin/swirl.mjs"
    const { status, stdout } = spawnSync(
      process.execPath,
      [...process.execArgv, bin, "demo", "--json", "--seed", String(seed), "--backend", "wasm"],
      {
        stdio: ["ignore", "pipe", "inherit"],
        encoding: "utf8",
        maxBuffer: 1e9,
      },
    )
    if (status !== 0) throw new Error(`the demo with seed ${seed} ended with exit code ${status}`)
    const demo = JSON.parse(stdout) as Demo & { report?: string }
    // Paths belong to the machine, not to the result.
    delete demo.report
    for (const row of demo.rows) delete row.checkpoint
    demo.measured = {
      date: new Date().toISOString().slice(0, 10),
      machine: `${cpus().length} cores, ${process.platform} ${process.arch}, Node ${process.version}`,
    }
    writeFileSync(path, `${JSON.stringify(demo, null, 2)}\n`)
  }
}

const demos = seeds
  .filter((seed) => existsSync(`${folder}/${seed}.json`))
  .map((seed) => JSON.parse(readFileSync(`${folder}/${seed}.json`, "utf8")) as Demo)
const show = ({ accuracy, change }: ChangedCell): string =>
  `${percent(accuracy)} (${points(change.value)}; ${interval(change.ci, points)}) ${changeMark(change)}`.trimEnd()
const cells = Object.keys(demos[0]!.base)
const names = demos[0]!.rows.map((row) => row.name)
/** Demos of before Holm's correction have marks without it. */
const isCorrected = demos.some(({ rows }) =>
  rows.some((row) => Object.values(row.cells).some(({ change }) => change.pHolm !== undefined)),
)
const rule = isCorrected
  ? "p and Holm's p over the changes of its seed are at most .05; △ ▽: p is, Holm's is not. Intervals are not corrected for being many."
  : "p is at most .05. Neither marks nor intervals are corrected for being many."

const page = [
  "# Five seeds, fixed before any tuning",
  "",
  `\`npm run study\` runs \`npm run demo -- --json --seed <seed>\` for ${seeds.join(", ")} and writes this page from the files in [seeds](seeds).`,
  `Measured ${demos[0]!.measured!.date} on ${demos[0]!.measured!.machine}, backend ${demos[0]!.backend}; ${demos.map((demo) => `${demo.seconds.toFixed(0)} s`).join(", ")}.`,
  `Accuracy in per cent, greedy, ${Object.values(demos[0]!.base)[0]!.n} questions a cell; in brackets the paired change to base with its 95 % interval. ▲ ▼: the interval leaves zero out and ${rule}`,
  "The seed decides trajectories, training and roll-outs; the base is the same committed policy in every seed, and so are the questions. Alarms are by the rules of that day; how often those of today are right: [alarms](alarms.md).",
  "",
  `Base: ${cells.map((cell) => `${cell} ${percent(demos[0]!.base[cell]!.accuracy)} (${interval(demos[0]!.base[cell]!.ci, percent)})`).join(", ")}.`,
  "",
]
for (const name of names) {
  page.push(
    `## ${name}`,
    "",
    `| seed | ${cells.join(" | ")} | kept | alarms |`,
    `|---|${cells.map(() => "---").join("|")}|---|---|`,
  )
  for (const demo of demos) {
    const row = demo.rows.find((each) => each.name === name)!
    const alarms = (row.alarms ?? []).map((alarm) => `${alarm.kind} at ${alarm.step}`).join(", ") || "–"
    page.push(`| ${demo.seed} | ${cells.map((cell) => show(row.cells[cell]!)).join(" | ")} | ${row.kept} | ${alarms} |`)
  }
  page.push("")
}

page.push("## What that says", "")
for (const name of names) {
  const rows = demos.map((demo) => demo.rows.find((each) => each.name === name)!)
  const count = (cell: string, which: Direction): number =>
    rows.filter((row) => direction(row.cells[cell]!.change) === which).length
  const words = cells.map((cell) => {
    const before = count(cell, "up-before-correction") + count(cell, "down-before-correction")
    const uncorrected = isCorrected ? `, ${before} before the correction alone` : ""
    return `${cell} ${count(cell, "up")} up, ${count(cell, "down")} down${uncorrected}, ${count(cell, "unclear")} unclear`
  })
  page.push(
    `- **${name}** over ${rows.length} seeds: ${words.join("; ")}. Flagged as gamed: ${rows.filter(isGamed).length}.`,
  )
}
writeFileSync("docs/seeds.md", `${page.join("\n")}\n`)
process.stderr.write("wrote docs/seeds.md\n")
